using Clinic.Core.Scheduling;

namespace Clinic.Data.Calendars;

/// <summary>Everything of a doctor's calendar but the visits, as it was under one version.</summary>
/// <param name="DoctorId">Whose it is.</param>
/// <param name="Version">New with every change of any of this; triggers see to it.</param>
/// <param name="FullName">As it is shown, title included.</param>
/// <param name="Availability">Zone, rules, weekly hours and all exceptions, past ones too.</param>
/// <param name="Treatments">Those on offer, by name.</param>
public sealed record DoctorSetup(
    Guid DoctorId, Guid Version, string FullName, Availability Availability, IReadOnlyList<OfferedTreatment> Treatments);

/// <summary>A treatment as booking sees it.</summary>
public sealed record OfferedTreatment(Guid Id, string Name, int DurationMinutes, IReadOnlyList<Modality> Modalities)
{
    public TimeSpan Duration => TimeSpan.FromMinutes(DurationMinutes);
}
