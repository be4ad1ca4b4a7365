namespace Clinic.Core.Scheduling;

/// <summary>
/// A window that recurs every week, as wall time in the doctor's zone (R13). An <paramref name="End"/> that is not after
/// <paramref name="Start"/> lies on the following day: 22:00–06:00 is a night shift, 18:00–00:00 ends at midnight and
/// 00:00–00:00 is the whole day.
/// </summary>
public sealed record WeeklyHours(DayOfWeek DayOfWeek, TimeOnly Start, TimeOnly End, WindowModality Modality = WindowModality.Any)
{
    /// <summary>The window that begins on <paramref name="date"/>, as wall times.</summary>
    public (DateTime Start, DateTime End) On(DateOnly date) =>
        (date.ToDateTime(Start), (End > Start ? date : date.AddDays(1)).ToDateTime(End));
}

/// <summary>Whether an exception takes time away or adds some.</summary>
public enum ExceptionKind
{
    Closed,
    Open,
}

/// <summary>
/// A dated change to the weekly hours, as wall times in the doctor's zone. Closed wins over open: a doctor who said to be
/// away is never booked. <paramref name="Reason"/> is for staff; it decides nothing.
/// </summary>
public sealed record ScheduleException(
    DateTime Start, DateTime End, ExceptionKind Kind, WindowModality Modality, string? Reason = null)
{
    /// <summary>
    /// False for an exception that cannot touch the range in any zone. Most lie in the past, and this puts them aside
    /// without a question to the zone: no offset is larger than 14 hours.
    /// </summary>
    internal bool MayTouch(Interval range) =>
        Start.Ticks - TimeSpan.TicksPerDay < range.End.UtcTicks && range.Start.UtcTicks < End.Ticks + TimeSpan.TicksPerDay;

    /// <summary>The first of the others that claims some of the same time for some of the same visits, or null.</summary>
    public ScheduleException? FirstOverlap(IEnumerable<ScheduleException> others) => others
        .Where(o => o.Start < End && Start < o.End && o.Modality.Shares(Modality))
        .MinBy(o => o.Start);
}
