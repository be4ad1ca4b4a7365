namespace Clinic.Core.Scheduling;

/// <summary>
/// A stretch of instants within which clocks are not changed. There a wall time is the instant plus the offset, so that
/// whole windows and grids are mapped by addition, without asking the zone again.
/// </summary>
/// <param name="During">The stretch.</param>
/// <param name="Offset">What clocks show more than UTC in all of it.</param>
public readonly record struct SteadyOffset(Interval During, TimeSpan Offset)
{
    /// <summary>The local day on which the stretch begins.</summary>
    public DateOnly FirstDate => DateOnly.FromDateTime(During.Start.UtcDateTime + Offset);

    /// <summary>The local day on which the stretch ends.</summary>
    public DateOnly LastDate => DateOnly.FromDateTime(During.End.UtcDateTime + Offset);

    /// <summary>The instant that bears this wall time, were the offset the same for ever; it may lie outside of the stretch.</summary>
    public DateTimeOffset At(DateTime wall) => new(wall, Offset);

    /// <summary>The instants of the stretch whose wall time lies in <c>[start, end)</c>; it may be empty.</summary>
    public Interval Between(DateTime start, DateTime end) => During.Intersect(new Interval(At(start), At(end)));
}
