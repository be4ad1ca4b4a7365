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

/// <summary>The one table of states and transitions that API, web and tests read.</summary>
public static class Lifecycle
{
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

    /// <summary>Whether a visit in this state takes up the doctor's and the patient's time.</summary>
    public static bool TakesTime(AppointmentStatus status) =>
        status is not (AppointmentStatus.Cancelled or AppointmentStatus.NoShow);
}
