using Clinic.Core.Contracts;
using Clinic.Web.Api;
using Clinic.Web.Wording;
using Microsoft.AspNetCore.Components;

namespace Clinic.Web.Booking;

/// <summary>A doctor, the treatments, and a week of free times for the chosen one.</summary>
public sealed partial class DoctorPage(ClinicApi api, FreeTimes freeTimes, TimeProvider clock)
{
    private ApiProblem? _trouble;
    private DoctorDetails _doctor = null!;
    private TreatmentDetails? _treatment;
    private Wish? _wish;
    private FreeWeek? _free;
    private DateTimeOffset? _chosen;

    [Parameter]
    public Guid Id { get; set; }

    [SupplyParameterFromQuery]
    public string? TreatmentId { get; set; }

    [SupplyParameterFromQuery]
    public string? Modality { get; set; }

    [SupplyParameterFromQuery]
    public string? Week { get; set; }

    [SupplyParameterFromQuery]
    public string? Start { get; set; }

    /// <remarks>What the query asks for and the doctor does not have gives way to the doctor's first.</remarks>
    protected override async Task Load()
    {
        var found = await api.Doctor(Id, Gone);
        if (!found.Ok)
        {
            _trouble = found.Problem;
            return;
        }

        _doctor = found.Value;
        _treatment = _doctor.Treatments.FirstOrDefault(t => t.Id == Wire.ReadId(TreatmentId)) ?? _doctor.Treatments.FirstOrDefault();
        if (_treatment is not { Modalities: [var usual, ..] })
        {
            return;
        }

        _wish = new Wish(_doctor, _treatment.Id, Wire.ReadModality(Modality) is { } asked && _treatment.Modalities.Contains(asked) ? asked : usual);
        _chosen = Wire.ReadInstant(Start);
        var week = await freeTimes.Week(_wish, Wire.ReadDate(Week), _chosen, Gone);
        (_free, _trouble) = (week.Value, week.Problem);
    }
}
