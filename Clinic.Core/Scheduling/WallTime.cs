namespace Clinic.Core.Scheduling;

/// <summary>
/// What a wall clock's time means in a zone (R12). A wall time is a <see cref="DateTime"/> of unspecified kind. Where
/// clocks go forward some wall times never happen; where they go back some happen twice.
/// </summary>
/// <remarks>
/// Everything here rests on one direction only, instant to offset, which is never ambiguous. Transitions of one zone are
/// taken to lie more than two days apart.
/// </remarks>
public static class WallTime
{
    // No zone's offset is larger than 14 hours, so a day to either side is beyond any transition that could matter.
    private static readonly TimeSpan Aside = TimeSpan.FromDays(1);

    // Two equal offsets no farther apart than this have no transition between them.
    private static readonly TimeSpan BetweenTransitions = TimeSpan.FromDays(2);

    /// <summary>The wall time that clocks in <paramref name="zone"/> show at <paramref name="instant"/>.</summary>
    public static DateTime WallTimeAt(this TimeZoneInfo zone, DateTimeOffset instant) =>
        DateTime.SpecifyKind(instant.UtcDateTime + zone.GetUtcOffset(instant), DateTimeKind.Unspecified);

    /// <summary>The local day of an instant.</summary>
    public static DateOnly DateAt(this TimeZoneInfo zone, DateTimeOffset instant) => DateOnly.FromDateTime(zone.WallTimeAt(instant));

    /// <summary>The same instant, written with the zone's offset.</summary>
    public static DateTimeOffset InZone(this DateTimeOffset instant, TimeZoneInfo zone) => instant.ToOffset(zone.GetUtcOffset(instant));

    /// <summary>
    /// The instants, in order, at which clocks show <paramref name="wall"/>: none for a skipped time, two with distinct
    /// offsets for a repeated one, else one. Each carries the zone's offset.
    /// </summary>
    public static IReadOnlyList<DateTimeOffset> InstantsAt(this TimeZoneInfo zone, DateTime wall)
    {
        var (before, after) = OffsetsAround(zone, wall);
        if (before == after)
        {
            return [new DateTimeOffset(wall, before)];
        }

        var early = new DateTimeOffset(wall, before);
        var late = new DateTimeOffset(wall, after);
        return (zone.GetUtcOffset(early) == before, zone.GetUtcOffset(late) == after) switch
        {
            (true, true) => [early, late],
            (true, false) => [early],
            (false, true) => [late],
            (false, false) => [],
        };
    }

    /// <summary>
    /// The stretches, in order of time, that <paramref name="range"/> falls into where clocks change: one as a rule.
    /// Together they are the range.
    /// </summary>
    public static List<SteadyOffset> SteadyOffsetsIn(this TimeZoneInfo zone, Interval range)
    {
        var steady = new List<SteadyOffset>(capacity: 1);
        var (from, offset) = (range.Start, zone.GetUtcOffset(range.Start));
        for (var at = range.Start; at < range.End;)
        {
            var next = Earlier(at + BetweenTransitions, range.End);
            var nextOffset = zone.GetUtcOffset(next);
            if (nextOffset != offset)
            {
                var transition = Transition(zone, at, next);
                steady.Add(new SteadyOffset(new Interval(from, transition), offset));
                (from, offset) = (transition, nextOffset);
            }

            at = next;
        }

        steady.Add(new SteadyOffset(new Interval(from, range.End), offset));
        return steady;
    }

    /// <summary>The first instant whose wall time is <paramref name="wall"/> or, where that is skipped, the first one after the gap.</summary>
    public static DateTimeOffset FirstInstantAt(this TimeZoneInfo zone, DateTime wall) =>
        UsualInstantAt(zone, wall) ?? (zone.InstantsAt(wall) is [var first, ..] ? first.ToUniversalTime() : GapAt(zone, wall));

    /// <summary>The last instant whose wall time is <paramref name="wall"/> or, where that is skipped, the first one after the gap.</summary>
    public static DateTimeOffset LastInstantAt(this TimeZoneInfo zone, DateTime wall) =>
        UsualInstantAt(zone, wall) ?? (zone.InstantsAt(wall) is [.., var last] ? last.ToUniversalTime() : GapAt(zone, wall));

    /// <summary>The local days <paramref name="from"/>…<paramref name="to"/>, both included, as one span of instants.</summary>
    public static Interval DaysBetween(this TimeZoneInfo zone, DateOnly from, DateOnly to) => new(
        zone.FirstInstantAt(from.ToDateTime(TimeOnly.MinValue)),
        zone.EndOf(to));

    /// <summary>The instant at which a local day is over.</summary>
    public static DateTimeOffset EndOf(this TimeZoneInfo zone, DateOnly date) =>
        zone.FirstInstantAt(date.AddDays(1).ToDateTime(TimeOnly.MinValue));

    /// <summary>The one instant of a wall time that no transition is near, without a list to hold it; else null.</summary>
    private static DateTimeOffset? UsualInstantAt(TimeZoneInfo zone, DateTime wall)
    {
        var (before, after) = OffsetsAround(zone, wall);
        return before == after ? Utc(wall, before) : null;
    }

    private static DateTimeOffset GapAt(TimeZoneInfo zone, DateTime wall)
    {
        var (before, after) = OffsetsAround(zone, wall);
        return Transition(zone, Utc(wall - Aside, before), Utc(wall + Aside, after));
    }

    private static (TimeSpan Before, TimeSpan After) OffsetsAround(TimeZoneInfo zone, DateTime wall)
    {
        var near = DateTime.SpecifyKind(wall, DateTimeKind.Utc);
        return (zone.GetUtcOffset(near - Aside), zone.GetUtcOffset(near + Aside));
    }

    /// <summary>The instant within <c>(low, high]</c> from which on the offset is that of <paramref name="high"/>.</summary>
    private static DateTimeOffset Transition(TimeZoneInfo zone, DateTimeOffset low, DateTimeOffset high)
    {
        var after = zone.GetUtcOffset(high);
        var (lowTicks, highTicks) = (low.UtcTicks / TimeSpan.TicksPerSecond, high.UtcTicks / TimeSpan.TicksPerSecond);
        while (highTicks - lowTicks > 1)
        {
            var middle = (lowTicks + highTicks) / 2;
            if (zone.GetUtcOffset(new DateTimeOffset(middle * TimeSpan.TicksPerSecond, TimeSpan.Zero)) == after)
            {
                highTicks = middle;
            }
            else
            {
                lowTicks = middle;
            }
        }

        return new DateTimeOffset(highTicks * TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }

    private static DateTimeOffset Utc(DateTime wall, TimeSpan offset) =>
        new(DateTime.SpecifyKind(wall - offset, DateTimeKind.Utc));

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
