using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Web.Api;
using Clinic.Web.Booking;
using Clinic.Web.Layout;
using Clinic.Web.Wording;
using Clinic.Web.Zones;
using Microsoft.AspNetCore.Components;

namespace Clinic.Web.MyAppointments;

/// <summary>
/// Moves a visit in two steps on one address: without <c>to</c> a week of free times, with it the old and the new time to confirm.
/// </summary>
public sealed partial class MovePage(
    ClinicApi api, Visits visits, FreeTimes freeTimes, ViewerZone viewer, TimeProvider clock, NavigationManager navigation)
{
    private ApiProblem? _trouble;
    private Visit? _visit;
    private Wish? _wish;
    private FreeWeek? _free;
    private DateTimeOffset? _start;
    private Refusal? _refusal;
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;
    private IReadOnlyList<SlotView> _nearby = [];

    [Parameter]
    public Guid Id { get; set; }

    [SupplyParameterFromQuery]
    public string? Modality { get; set; }

    [SupplyParameterFromQuery]
    public string? Week { get; set; }

    /// <summary>A time to point out among the free ones.</summary>
    [SupplyParameterFromQuery]
    public string? Start { get; set; }

    /// <summary>The new start to confirm.</summary>
    [SupplyParameterFromQuery]
    public string? To { get; set; }

    [SupplyParameterFromForm(FormName = "move")]
    public ChangeForm? Change { get; set; }

    // After a post the form has to be there, whatever has become of the visit.
    private bool Confirming => IsPost || (_start is not null && _wish is not null && _visit!.Allows(AppointmentAction.Move, clock.GetUtcNow()));

    protected override async Task Load()
    {
        Change ??= new ChangeForm();
        _start = Wire.ReadInstant(Change.Start) ?? Wire.ReadInstant(To);
        await Find();
        Change.Prepare(_visit);

        if (_wish is not null && _start is null)
        {
            var week = await freeTimes.Week(_wish, Wire.ReadDate(Week), Wire.ReadInstant(Start), Gone);
            (_free, _trouble) = (week.Value, week.Problem);
        }
    }

    private async Task Submit()
    {
        if (_start is null || _wish is null)
        {
            await Refuse(_trouble ?? ApiProblem.Of(StatusCodes.Status409Conflict, ProblemCodes.InvalidTransition));
            return;
        }

        if (Change!.StillToChoose)
        {
            Context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            _nearby = await freeTimes.Nearby(_wish, _start.Value, Gone);
            return;
        }

        var moved = await api.Move(
            Id, new MoveAppointment { Start = _start.Value, Modality = _wish.Modality }, Change.ShownVersion, Change.KeyAsId);
        if (moved.Ok)
        {
            navigation.NavigateTo(Paths.Visit(Id, "moved"));
            return;
        }

        await Refuse(moved.Problem);
    }

    private async Task Refuse(ApiProblem problem)
    {
        Context.Response.StatusCode = problem.Status;
        _refusal = Refusal.Of(problem);
        if (!problem.IsDown)
        {
            // Shown anew, as it stands now.
            await Find();
        }

        if (_refusal.AnotherTime && _wish is not null && _start is { } wanted)
        {
            _nearby = await freeTimes.Nearby(_wish, wanted, Gone);
        }

        Change!.Renew(_visit, problem);
    }

    private async Task Find()
    {
        var found = await visits.Find(Id, Gone);
        (_visit, _trouble) = (found.Value, found.Problem);
        if (_visit is null)
        {
            return;
        }

        _zone = viewer.Or(_visit.DoctorZone);
        _wish = _visit is { Treatment: { Modalities.Count: > 0 } treatment } && _visit.Allows(AppointmentAction.Move, clock.GetUtcNow())
            ? new Wish(_visit.Doctor, treatment.Id, Wire.ReadModality(Modality) is { } asked && treatment.Modalities.Contains(asked) ? asked : Usual(treatment))
            : null;
    }

    private Core.Scheduling.Modality Usual(TreatmentDetails treatment) =>
        treatment.Modalities.Contains(_visit!.Appointment.Modality) ? _visit.Appointment.Modality : treatment.Modalities[0];
}
