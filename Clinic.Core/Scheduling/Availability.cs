using System.Runtime.InteropServices;

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
    public bool IsOpenFor(Interval visit, Modality modality) => IsOpenFor(visit, modality, OpeningsIn(visit, modality.ToSet()));

    /// <summary>Whether a visit lay in open hours <paramref name="before"/> and does so no more.</summary>
    public bool Strands(Availability before, Interval visit, Modality modality) =>
        before.IsOpenFor(visit, modality) && !IsOpenFor(visit, modality);

    /// <summary>The same, for who has the openings that the visit may lie in.</summary>
    internal bool IsOpenFor(Interval visit, Modality modality, List<Opening> openings) =>
        Opening.Cover(CollectionsMarshal.AsSpan(openings), visit, modality.ToSet()) && !ClosedBy(visit, modality).Any();

    /// <summary>
    /// What <paramref name="range"/> holds of the windows for some of the <paramref name="wanted"/> modalities, by start;
    /// closures are not yet taken off.
    /// </summary>
    internal List<Opening> OpeningsIn(Interval range, ModalitySet wanted)
    {
        var openings = new List<Opening>();
        var sorted = true;
        foreach (var steady in Zone.SteadyOffsetsIn(range))
        {
            // A night shift that began the evening before still runs at the start.
            for (var date = steady.FirstDate.AddDays(-1); date <= steady.LastDate; date = date.AddDays(1))
            {
                var day = date.DayOfWeek;
                for (var i = 0; i < Weekly.Count; i++)
                {
                    if (Weekly[i] is var hours && hours.DayOfWeek == day)
                    {
                        var (start, end) = hours.On(date);
                        Add(steady, start, end, hours.Modality);
                    }
                }
            }

            for (var i = 0; i < Exceptions.Count; i++)
            {
                if (Exceptions[i] is { Kind: ExceptionKind.Open } extra && extra.MayTouch(steady.During))
                {
                    Add(steady, extra.Start, extra.End, extra.Modality);
                }
            }
        }

        if (!sorted)
        {
            openings.Sort(static (a, b) => a.During.Start.CompareTo(b.During.Start));
        }

        return openings;

        void Add(SteadyOffset steady, DateTime start, DateTime end, WindowModality window)
        {
            var modalities = window.ToSet() & wanted;
            var during = steady.Between(start, end);
            if (modalities != ModalitySet.None && !during.IsEmpty)
            {
                sorted &= openings is [] || openings[^1].During.Start <= during.Start;
                openings.Add(new Opening(during, steady.At(start), modalities));
            }
        }
    }

    /// <summary>
    /// The closures that touch <paramref name="range"/>, and when they are. One that lies in skipped time alone never
    /// happens and closes nothing.
    /// </summary>
    internal IEnumerable<(ScheduleException Closure, Interval During)> ClosuresIn(Interval range)
    {
        for (var i = 0; i < Exceptions.Count; i++)
        {
            if (Exceptions[i] is { Kind: ExceptionKind.Closed } closure && closure.MayTouch(range))
            {
                var during = new Interval(Zone.FirstInstantAt(closure.Start), Zone.LastInstantAt(closure.End));
                if (!during.IsEmpty && during.Overlaps(range))
                {
                    yield return (closure, during);
                }
            }
        }
    }

    /// <summary>The closures that keep a visit of that modality from being at that time.</summary>
    internal IEnumerable<ScheduleException> ClosedBy(Interval visit, Modality modality) =>
        ClosuresIn(visit).Select(c => c.Closure).Where(c => c.Modality.Admits(modality));
}
