using Clinic.Core.Contracts;
using Clinic.Web.Api;
using Clinic.Web.Layout;
using Clinic.Web.Wording;
using Clinic.Web.Zones;
using Microsoft.AspNetCore.Components;

namespace Clinic.Web.Booking;

/// <summary>The booking form for one treatment at one time, which stand in the page's address.</summary>
public sealed partial class BookPage(ClinicApi api, FreeTimes freeTimes, ViewerZone viewer, TimeProvider clock, NavigationManager navigation)
{
    // By the form's names and by the API's, which differ in case only.
    private static readonly Dictionary<string, (string Id, string Label)> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(BookingForm.Start)] = ("nearby-times", "Time"),
        [nameof(BookingForm.FullName)] = ("full-name", "Full name"),
        [nameof(BookingForm.DocumentNumber)] = ("document-number", "Document number (DNI)"),
        [nameof(BookingForm.Phone)] = ("phone", "Phone"),
        [nameof(BookingForm.Reason)] = ("reason", "Reason for the visit"),
    };

    private readonly Dictionary<string, string> _errors = new(StringComparer.OrdinalIgnoreCase);
    private ApiProblem? _trouble;
    private Me? _me;
    private PlannedVisit? _visit;
    private Refusal? _refusal;
    private IReadOnlyList<SlotView> _nearby = [];

    [Parameter]
    public Guid Id { get; set; }

    [SupplyParameterFromQuery]
    public string? TreatmentId { get; set; }

    [SupplyParameterFromQuery]
    public string? Modality { get; set; }

    [SupplyParameterFromQuery]
    public string? Start { get; set; }

    [SupplyParameterFromForm(FormName = "booking")]
    public BookingForm? Booking { get; set; }

    private string BackHref => _visit is null
        ? Paths.Doctor(Id)
        : Paths.Doctor(Id, _visit.Treatment.Id, _visit.Wish.Modality, start: _visit.Start);

    protected override async Task Load()
    {
        var (me, doctor) = (api.Me(Gone), api.Doctor(Id, Gone));
        await Task.WhenAll(me, doctor);
        (_me, _trouble) = ((await me).Value, (await me).Problem ?? (await doctor).Problem);
        if (Booking is null)
        {
            Booking = new BookingForm();
            Booking.Prefill(_me);
        }

        if (!Guid.TryParse(Booking.Key, out _))
        {
            Booking.Key = NewKey();
        }

        if ((await doctor).Value is not { } found)
        {
            return;
        }

        _visit = Plan(found);
        if (_visit is null)
        {
            Context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        else if (!IsPost && _visit.Start <= clock.GetUtcNow())
        {
            // An old link: say so before anything is typed.
            await Refuse(ApiProblem.Of(StatusCodes.Status200OK, ProblemCodes.InThePast));
        }
    }

    private async Task Submit()
    {
        if (Booking!.Action == ViewerZone.QueryName)
        {
            viewer.Choose(Context, Booking.Zone);
            await OfferTimes(Booking.StillToChoose);
            return;
        }

        if (_visit is null || _me?.PatientId is null)
        {
            await Refuse(_trouble ?? ApiProblem.Of(StatusCodes.Status400BadRequest, ProblemCodes.InvalidRequest));
            return;
        }

        foreach (var (field, message) in Booking.Mistakes())
        {
            _errors[field] = message;
        }

        if (_errors.Count > 0)
        {
            Context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await OfferTimes(Booking.StillToChoose);
            return;
        }

        if (Booking.News(_me, viewer.Zone) is { } news && await api.Update(news) is { Ok: false } refused)
        {
            await Refuse(refused.Problem);
            return;
        }

        var booked = await api.Book(_visit.For(Booking.ReasonOrNull), Guid.Parse(Booking.Key!));
        if (booked.Ok)
        {
            navigation.NavigateTo(Paths.Visit(booked.Value.Id, "booked"));
            return;
        }

        await Refuse(booked.Problem);
    }

    /// <summary>Tells what went wrong, keeps what was typed, and where another time helps offers the nearest.</summary>
    private async Task Refuse(ApiProblem problem)
    {
        Context.Response.StatusCode = problem.Status;
        foreach (var (field, messages) in problem.Errors)
        {
            // The API's messages go on from the field's name: "Is required."
            var label = Fields.TryGetValue(field, out var known) ? known.Label : field;
            _errors[field] = $"{label}: {string.Join(' ', messages)}";
        }

        if (problem.Code == ProblemCodes.PatientExists)
        {
            _errors[nameof(BookingForm.DocumentNumber)] = "This number is registered with another e-mail address.";
        }

        _refusal = problem.Errors.Count > 0 ? null : Refusal.Of(problem);
        await OfferTimes(_refusal is { AnotherTime: true });

        // What was refused for good has not booked anything, so that the next try is a new request. Where the outcome
        // is open the key stays: if the visit was booked after all, the next try finds it.
        if (!problem.MaySucceedAgain)
        {
            Booking!.Key = NewKey();
        }
    }

    private async Task OfferTimes(bool wanted)
    {
        if (wanted && _visit is not null)
        {
            _nearby = await freeTimes.Nearby(_visit.Wish, _visit.Start, Gone);
        }
    }

    private string? Error(string field) => _errors.GetValueOrDefault(field);

    private static string NewKey() => Guid.NewGuid().ToString();

    /// <summary>The visit that the address and the form ask for; null where they do not make one.</summary>
    private PlannedVisit? Plan(DoctorDetails doctor) =>
        doctor.Treatments.FirstOrDefault(t => t.Id == Wire.ReadId(TreatmentId)) is { } treatment
            && (Wire.ReadModality(Modality) ?? treatment.Modalities.FirstOrDefault()) is var modality
            && treatment.Modalities.Contains(modality)
            && (Wire.ReadInstant(Booking!.Start) ?? Wire.ReadInstant(Start)) is { } start
            ? new PlannedVisit(new Wish(doctor, treatment.Id, modality), treatment, start, viewer)
            : null;

    /// <summary>One treatment at one time.</summary>
    private sealed record PlannedVisit(Wish Wish, TreatmentDetails Treatment, DateTimeOffset Start, ViewerZone Viewer)
    {
        public DateTimeOffset End => Start.AddMinutes(Treatment.DurationMinutes);

        public TimeZoneInfo Zone => Viewer.Or(Wish.DoctorZone);

        public BookAppointment For(string? reason) => new()
        {
            DoctorId = Wish.Doctor.Id,
            TreatmentId = Treatment.Id,
            Start = Start,
            Modality = Wish.Modality,
            Reason = reason,
        };
    }
}
