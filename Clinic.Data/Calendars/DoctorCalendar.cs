using Clinic.Core.Scheduling;

namespace Clinic.Data.Calendars;

/// <summary>A doctor's setup and the visits of some range of time.</summary>
public sealed record DoctorCalendar(DoctorSetup Setup, IReadOnlyList<BusyInterval> Busy)
{
    public Guid DoctorId => Setup.DoctorId;

    public string FullName => Setup.FullName;

    public Availability Availability => Setup.Availability;

    public IReadOnlyList<OfferedTreatment> Treatments => Setup.Treatments;
}
