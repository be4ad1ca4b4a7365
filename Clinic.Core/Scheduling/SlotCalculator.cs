namespace Clinic.Core.Scheduling;

/// <summary>
/// The free times of a doctor. Pure: the same availability, busy times and clock give the same slots.
/// Invariant, tested as a property: a time is offered exactly when <see cref="BookingCheck"/> accepts it and no busy
/// time, widened by the buffer, overlaps it.
/// </summary>
public static class SlotCalculator
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The slots that start within <paramref name="range"/>, by start, each start once.</summary>
    /// <param name="availability">The doctor's hours, exceptions and rules.</param>
    /// <param name="visit">The visit that is to fit.</param>
    /// <param name="range">Which starts are asked for, as instants.</param>
    /// <param name="busy">Every visit that touches <paramref name="range"/> widened by a day; more does no harm.</param>
    /// <param name="now">The current instant: it decides notice, horizon and which holds have expired.</param>
    /// <param name="limit">No more than so many, the first ones: they cost about the days that they lie in, however long the range.</param>
    public static IReadOnlyList<Slot> FreeSlots(
        Availability availability,
        VisitShape visit,
        Interval range,
        IEnumerable<BusyInterval> busy,
        DateTimeOffset now,
        int limit = int.MaxValue)
    {
        var earliest = availability.Rules.EarliestStart(now);
        var bookable = new Interval(earliest > range.Start ? earliest : range.Start, EndOf(availability, range, now));
        if (bookable.IsEmpty)
        {
            return [];
        }

        var blocked = new BlockedTime(availability, busy, bookable with { End = bookable.End + visit.Duration }, now);
        var slots = new List<Slot>();
        // The slots of a range are those of its parts, one after the other. For a few slots the first part is a day; the next
        // ones double, so that a doctor without free time soon is not asked about day by day.
        var length = limit == int.MaxValue ? bookable.End - bookable.Start : Day;
        for (var start = bookable.Start; start < bookable.End && slots.Count < limit; start += length, length += length)
        {
            var end = bookable.End - start > length ? start + length : bookable.End;
            AddFreeSlots(slots, availability, visit, new Interval(start, end), blocked, limit);
        }

        return slots;
    }

    /// <summary>The asked-for end or, if that is earlier, the end of the last bookable day.</summary>
    private static DateTimeOffset EndOf(Availability availability, Interval range, DateTimeOffset now)
    {
        var horizon = availability.Zone.EndOf(availability.Rules.LastDay(now, availability.Zone));
        return horizon < range.End ? horizon : range.End;
    }

    /// <summary>One sweep in order of time over the starts in <paramref name="part"/>, up to <paramref name="limit"/> slots in all.</summary>
    private static void AddFreeSlots(
        List<Slot> slots, Availability availability, VisitShape visit, Interval part, BlockedTime blocked, int limit)
    {
        // The last visit may run on into a window that opens after the last start.
        var openings = availability.OpeningsIn(part with { End = part.End + visit.Duration }, visit.Modalities.ToSet());
        var sweep = new StartSweep(openings, part.Start, availability.Rules.Step);
        while (slots.Count < limit && sweep.TryNext(out var start, out var modalities) && start < part.End)
        {
            var time = new Interval(start, start + visit.Duration);
            var free = Covered(sweep.Openings, time, modalities & ~blocked.For(time));
            if (free != ModalitySet.None)
            {
                slots.Add(new Slot(time.Start, time.End, free.ToList()));
            }
        }
    }

    /// <summary>Those of the modalities for which the openings hold the whole visit.</summary>
    private static ModalitySet Covered(ReadOnlySpan<Opening> openings, Interval visit, ModalitySet modalities)
    {
        var covered = ModalitySet.None;
        for (var one = ModalitySet.InPerson; one <= ModalitySet.Online; one++)
        {
            if (modalities.Shares(one) && Opening.Cover(openings, visit, one))
            {
                covered |= one;
            }
        }

        return covered;
    }
}
