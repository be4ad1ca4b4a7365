using System.Runtime.InteropServices;

namespace Clinic.Core.Scheduling;

/// <summary>A half-open span of instants, <c>[Start, End)</c>: two visits may touch, one's end being the other's start (R8).</summary>
public readonly record struct Interval(DateTimeOffset Start, DateTimeOffset End)
{
    public bool IsEmpty => End <= Start;

    public bool Overlaps(Interval other) => Start < other.End && other.Start < End;

    public bool Contains(Interval other) => Start <= other.Start && other.End <= End;

    public bool Contains(DateTimeOffset instant) => Start <= instant && instant < End;

    /// <summary>The span with <paramref name="margin"/> added before and after.</summary>
    public Interval Widen(TimeSpan margin) => new(Start - margin, End + margin);

    /// <summary>What both spans hold; it may be empty.</summary>
    public Interval Intersect(Interval other) => new(Start > other.Start ? Start : other.Start, End < other.End ? End : other.End);

    /// <summary>Sorts the spans in place and makes the overlapping and the touching ones one; empty ones are left out.</summary>
    public static void Merge(List<Interval> spans)
    {
        SortByStart(spans);
        var kept = 0;
        foreach (var next in CollectionsMarshal.AsSpan(spans))
        {
            if (next.IsEmpty)
            {
                continue;
            }

            if (kept > 0 && next.Start <= spans[kept - 1].End)
            {
                spans[kept - 1] = spans[kept - 1] with { End = Later(spans[kept - 1].End, next.End) };
            }
            else
            {
                spans[kept++] = next;
            }
        }

        spans.RemoveRange(kept, spans.Count - kept);
    }

    /// <summary>Calendars come by time as a rule; to see that they do is cheaper than to sort them again.</summary>
    private static void SortByStart(List<Interval> spans)
    {
        for (var i = 1; i < spans.Count; i++)
        {
            if (spans[i].Start < spans[i - 1].Start)
            {
                spans.Sort(static (a, b) => a.Start.CompareTo(b.Start));
                return;
            }
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

/// <summary>Time a doctor has given away. <paramref name="FreeFrom"/> is when a hold on it lapses; null for a firm visit.</summary>
public readonly record struct BusyInterval(Interval During, DateTimeOffset? FreeFrom = null)
{
    /// <summary>An expired hold is free at once, without anything having to sweep it away (R11).</summary>
    public bool BlocksAt(DateTimeOffset now) => FreeFrom is null || now < FreeFrom;
}
