namespace Clinic.Core.Appointments;

/// <summary>What can be done to a visit.</summary>
public enum AppointmentAction
{
    Hold,
    Book,
    Confirm,
    Move,
    Cancel,
    CheckIn,
    Complete,
    NoShow,
    UndoNoShow,
}

/// <summary>The one table of states and transitions that API, web and tests read, with the times that they depend on.</summary>
public static class Lifecycle
{
    /// <summary>How long a hold keeps its time (R11).</summary>
    public static readonly TimeSpan HoldLife = TimeSpan.FromMinutes(5);

    /// <summary>How many holds a patient may have at once, lapsed ones aside: time for a choice, not for a collection.</summary>
    public const int MaxHoldsOfPatient = 3;

    /// <summary>How long after its start a patient may still turn up before the visit counts as missed (R22).</summary>
    public static readonly TimeSpan NoShowGrace = TimeSpan.FromMinutes(15);

    private static readonly Dictionary<(AppointmentStatus From, AppointmentAction Action), AppointmentStatus> Transitions = new()
    {
        [(AppointmentStatus.Held, AppointmentAction.Confirm)] = AppointmentStatus.Scheduled,
        [(AppointmentStatus.Held, AppointmentAction.Cancel)] = AppointmentStatus.Cancelled,
        [(AppointmentStatus.Scheduled, AppointmentAction.Move)] = AppointmentStatus.Scheduled,
        [(AppointmentStatus.Scheduled, AppointmentAction.Cancel)] = AppointmentStatus.Cancelled,
        [(AppointmentStatus.Scheduled, AppointmentAction.CheckIn)] = AppointmentStatus.CheckedIn,
        [(AppointmentStatus.Scheduled, AppointmentAction.NoShow)] = AppointmentStatus.NoShow,
        [(AppointmentStatus.CheckedIn, AppointmentAction.Complete)] = AppointmentStatus.Completed,
        [(AppointmentStatus.NoShow, AppointmentAction.UndoNoShow)] = AppointmentStatus.Scheduled,
    };

    /// <summary>The state that the action leads to, or null where it is not allowed.</summary>
    public static AppointmentStatus? After(AppointmentStatus status, AppointmentAction action) =>
        Transitions.TryGetValue((status, action), out var next) ? next : null;

    /// <summary>From when on a visit with this start can be marked as a no-show.</summary>
    public static DateTimeOffset NoShowFrom(DateTimeOffset start) => start + NoShowGrace;

    /// <summary>Whether a hold keeps its time no longer; its last instant is the one before <paramref name="holdExpiresAt"/>.</summary>
    /// <param name="holdExpiresAt">Null for a visit that is not held.</param>
    /// <param name="now">The current instant.</param>
    public static bool HasLapsed(DateTimeOffset? holdExpiresAt, DateTimeOffset now) => holdExpiresAt <= now;

    /// <summary>Whether a visit in this state takes up the doctor's and the patient's time.</summary>
    public static bool TakesTime(AppointmentStatus status) =>
        status is not (AppointmentStatus.Cancelled or AppointmentStatus.NoShow);
}
