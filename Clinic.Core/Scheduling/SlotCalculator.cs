namespace Clinic.Core.Scheduling;

/// <summary>
/// The free times of a doctor. Pure: the same availability, busy times and clock give the same slots.
/// Invariant, tested as a property: a time is offered exactly when <see cref="BookingCheck"/> accepts it and no busy
/// time, widened by the buffer, overlaps it.
/// </summary>
public static class SlotCalculator
{
    /// <summary>The slots that start within <paramref name="range"/>, by start, each start once.</summary>
    /// <param name="availability">The doctor's hours, exceptions and rules.</param>
    /// <param name="visit">The visit that is to fit.</param>
    /// <param name="range">Which starts are asked for, as instants.</param>
    /// <param name="busy">Every visit that touches <paramref name="range"/> widened by a day; more does no harm.</param>
    /// <param name="now">The current instant: it decides notice, horizon and which holds have expired.</param>
    public static IReadOnlyList<Slot> FreeSlots(
        Availability availability,
        VisitShape visit,
        Interval range,
        IEnumerable<BusyInterval> busy,
        DateTimeOffset now)
    {
        var rules = availability.Rules;
        var earliest = rules.EarliestStart(now);
        var bookable = new Interval(earliest > range.Start ? earliest : range.Start, EndOf(availability, range, now));
        if (bookable.IsEmpty)
        {
            return [];
        }

        // The last visit may run on into a window that opens after the last start.
        var reach = bookable with { End = bookable.End + visit.Duration };
        var openings = availability.OpeningsIn(reach).ToList();
        var taken = busy.Where(b => b.BlocksAt(now)).Select(b => b.During.Widen(rules.Buffer)).ToList();
        var free = new SortedDictionary<DateTimeOffset, List<Modality>>();
        foreach (var modality in ModalityRules.All.Where(visit.Modalities.Contains))
        {
            var fitting = openings.Where(o => o.Modality.Admits(modality)).ToList();
            var open = Interval.Merge(fitting.SelectMany(o => o.Spans()));
            var blocked = Interval.Merge(taken.Concat(availability.ClosuresIn(reach, modality)));
            var starts = fitting.SelectMany(o => o.Starts(rules.Step)).Where(s => bookable.Start <= s && s < bookable.End);
            foreach (var start in FreeStarts(starts, visit.Duration, open, blocked))
            {
                if (!free.TryGetValue(start, out var modalities))
                {
                    free.Add(start, modalities = []);
                }

                modalities.Add(modality);
            }
        }

        return [.. free.Select(f => new Slot(f.Key, f.Key + visit.Duration, f.Value))];
    }

    /// <summary>The asked-for end or, if that is earlier, the end of the last bookable day.</summary>
    private static DateTimeOffset EndOf(Availability availability, Interval range, DateTimeOffset now)
    {
        var lastDay = availability.Rules.LastDay(now, availability.Zone);
        var horizon = availability.Zone.DaysBetween(lastDay, lastDay).End;
        return horizon < range.End ? horizon : range.End;
    }

    /// <summary>One sweep in order of time over starts, open spans and blocked spans, the latter two being merged.</summary>
    private static IEnumerable<DateTimeOffset> FreeStarts(
        IEnumerable<DateTimeOffset> starts, TimeSpan duration, List<Interval> open, List<Interval> blocked)
    {
        var (o, b) = (0, 0);
        DateTimeOffset? previous = null;
        foreach (var start in starts.Order())
        {
            if (start == previous)
            {
                continue;
            }

            previous = start;
            var visit = new Interval(start, start + duration);
            while (o < open.Count && open[o].End <= start)
            {
                o++;
            }

            while (b < blocked.Count && blocked[b].End <= start)
            {
                b++;
            }

            if (o < open.Count && open[o].Contains(visit) && (b == blocked.Count || !blocked[b].Overlaps(visit)))
            {
                yield return start;
            }
        }
    }
}
