namespace Clinic.Core.Scheduling;

/// <summary>When a doctor receives patients: the zone, the rules, the weekly hours and the dated exceptions to them.</summary>
public sealed record Availability(
    TimeZoneInfo Zone,
    BookingRules Rules,
    IReadOnlyList<WeeklyHours> Weekly,
    IReadOnlyList<ScheduleException> Exceptions)
{
    /// <summary>
    /// Whether the whole visit lies in open hours: windows, closures and modality, no rule of booking. This is what a visit
    /// that exists keeps or loses when hours or the zone change.
    /// </summary>
    public bool IsOpenFor(Interval visit, Modality modality) =>
        CoversWithWindows(visit, modality) && !ClosuresIn(visit, modality).Any();

    /// <summary>Whether a visit lay in open hours <paramref name="before"/> and does so no more.</summary>
    public bool Strands(Availability before, Interval visit, Modality modality) =>
        before.IsOpenFor(visit, modality) && !IsOpenFor(visit, modality);

    /// <summary>Whether the windows hold the whole visit, closures aside. Windows that touch are one stretch of time.</summary>
    internal bool CoversWithWindows(Interval visit, Modality modality) => Interval
        .Merge(OpeningsIn(visit).Where(o => o.Modality.Admits(modality)).SelectMany(o => o.Spans()))
        .Any(open => open.Contains(visit));

    /// <summary>The windows that may hold a start in <paramref name="range"/>, closures not yet taken off.</summary>
    internal IEnumerable<Opening> OpeningsIn(Interval range)
    {
        // A night shift that began the evening before still runs at the range's start.
        var first = Zone.DateAt(range.Start).AddDays(-1);
        var last = Zone.DateAt(range.End);
        for (var date = first; date <= last; date = date.AddDays(1))
        {
            foreach (var hours in Weekly)
            {
                if (hours.DayOfWeek == date.DayOfWeek)
                {
                    var (start, end) = hours.On(date);
                    yield return new Opening(Zone, start, end, hours.Modality);
                }
            }
        }

        foreach (var extra in Exceptions)
        {
            if (extra.Kind == ExceptionKind.Open && DateOnly.FromDateTime(extra.Start) <= last && DateOnly.FromDateTime(extra.End) >= first)
            {
                yield return new Opening(Zone, extra.Start, extra.End, extra.Modality);
            }
        }
    }

    /// <summary>The closures that touch <paramref name="range"/>, for a visit of that modality.</summary>
    internal IEnumerable<Interval> ClosuresIn(Interval range, Modality modality) =>
        ClosedBy(range, modality).Select(During);

    /// <summary>The exceptions that these closures come from.</summary>
    internal IEnumerable<ScheduleException> ClosedBy(Interval range, Modality modality) => Exceptions
        .Where(e => e.Kind == ExceptionKind.Closed && e.Modality.Admits(modality) && During(e).Overlaps(range));

    private Interval During(ScheduleException closure) => new(Zone.FirstInstantAt(closure.Start), Zone.LastInstantAt(closure.End));
}

/// <summary>One window on one date, as wall times; its grid of starts begins at its own start.</summary>
internal readonly record struct Opening(TimeZoneInfo Zone, DateTime Start, DateTime End, WindowModality Modality)
{
    /// <summary>The instants that belong to the window.</summary>
    public IEnumerable<Interval> Spans() => Zone.SpansBetween(Start, End);

    /// <summary>
    /// The instants at which a visit may start. The grid counts in wall time, so that a skipped time is left out and a
    /// repeated one comes twice, with its two offsets (R12).
    /// </summary>
    public IEnumerable<DateTimeOffset> Starts(TimeSpan step)
    {
        for (var wall = Start; wall < End; wall += step)
        {
            foreach (var instant in Zone.InstantsAt(wall))
            {
                yield return instant;
            }
        }
    }
}
