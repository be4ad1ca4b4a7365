using Clinic.Core.Scheduling;

namespace Clinic.Data.Calendars;

/// <summary>A doctor's hours, rules and treatments, and the visits of some range of time.</summary>
public sealed record DoctorCalendar(
    Guid DoctorId,
    string FullName,
    Availability Availability,
    IReadOnlyList<OfferedTreatment> Treatments,
    IReadOnlyList<CalendarVisit> Visits);

/// <summary>A treatment as booking sees it.</summary>
public sealed record OfferedTreatment(
    Guid Id, string Name, decimal Price, string Currency, int DurationMinutes, IReadOnlyList<Modality> Modalities)
{
    public TimeSpan Duration => TimeSpan.FromMinutes(DurationMinutes);
}

/// <summary>A visit that takes up the doctor's time.</summary>
public sealed record CalendarVisit(Guid AppointmentId, BusyInterval Busy);
