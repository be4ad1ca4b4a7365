namespace Clinic.Core.Scheduling;

/// <summary>A half-open span of instants, <c>[Start, End)</c>: two visits may touch, one's end being the other's start (R8).</summary>
public readonly record struct Interval(DateTimeOffset Start, DateTimeOffset End)
{
    public bool IsEmpty => End <= Start;

    public bool Overlaps(Interval other) => Start < other.End && other.Start < End;

    public bool Contains(Interval other) => Start <= other.Start && other.End <= End;

    /// <summary>The span with <paramref name="margin"/> added before and after.</summary>
    public Interval Widen(TimeSpan margin) => new(Start - margin, End + margin);

    /// <summary>Sorted spans with the overlapping and the touching ones made one; empty ones are left out.</summary>
    public static List<Interval> Merge(IEnumerable<Interval> intervals)
    {
        var merged = new List<Interval>();
        foreach (var next in intervals.Where(i => !i.IsEmpty).OrderBy(i => i.Start))
        {
            if (merged.Count > 0 && next.Start <= merged[^1].End)
            {
                merged[^1] = merged[^1] with { End = Later(merged[^1].End, next.End) };
            }
            else
            {
                merged.Add(next);
            }
        }

        return merged;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

/// <summary>Time a doctor has given away. <paramref name="FreeFrom"/> is when a hold on it lapses; null for a firm visit.</summary>
public readonly record struct BusyInterval(Interval During, DateTimeOffset? FreeFrom = null)
{
    /// <summary>An expired hold is free at once, without anything having to sweep it away (R11).</summary>
    public bool BlocksAt(DateTimeOffset now) => FreeFrom is null || now < FreeFrom;
}
