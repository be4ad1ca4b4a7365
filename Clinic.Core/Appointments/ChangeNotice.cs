namespace Clinic.Core.Appointments;

/// <summary>How late a patient may still move or cancel a visit. The front desk is bound by the visit's state alone.</summary>
public static class ChangeNotice
{
    /// <summary>The last instant at which a patient may, or the start where the doctor asks for no notice.</summary>
    public static DateTimeOffset Until(DateTimeOffset start, TimeSpan notice) => start - notice;

    /// <summary>Whether a patient comes too late with it. A hold is given back at any time: nobody counts on it yet.</summary>
    public static bool IsTooLate(AppointmentStatus status, DateTimeOffset start, TimeSpan notice, DateTimeOffset now) =>
        status != AppointmentStatus.Held && (now >= start || now > Until(start, notice));
}
