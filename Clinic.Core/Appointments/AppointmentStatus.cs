namespace Clinic.Core.Appointments;

/// <summary>The state of a visit; <see cref="Lifecycle"/> says what may follow.</summary>
public enum AppointmentStatus
{
    /// <summary>Kept for a patient who has not confirmed yet; lapses by itself.</summary>
    Held,
    Scheduled,
    CheckedIn,
    Completed,
    Cancelled,
    NoShow,
}
