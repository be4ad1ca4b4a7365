using Clinic.Core.Scheduling;

namespace Clinic.Api.Slots;

/// <summary>Whole days of UTC, both included: the pieces in which visits are cached, the same for every viewer's zone.</summary>
internal readonly record struct UtcDays(DateOnly First, DateOnly Last)
{
    public static UtcDays Covering(Interval range) => new(
        DateOnly.FromDateTime(range.Start.UtcDateTime), DateOnly.FromDateTime(range.End.UtcDateTime));

    public int Count => Last.DayNumber - First.DayNumber + 1;

    public Interval Range => new(Midnight(First), Midnight(Last.AddDays(1)));

    public IEnumerable<DateOnly> Each() => Enumerable.Range(0, Count).Select(First.AddDays);

    public static Interval Of(DateOnly day) => new(Midnight(day), Midnight(day.AddDays(1)));

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
