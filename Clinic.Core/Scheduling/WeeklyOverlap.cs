namespace Clinic.Core.Scheduling;

/// <summary>Finds weekly windows that contradict each other by claiming the same time of the week.</summary>
public static class WeeklyOverlap
{
    private const int MinutesOfDay = 24 * 60;
    private const int MinutesOfWeek = 7 * MinutesOfDay;

    /// <summary>The positions in <paramref name="weekly"/> of two windows that overlap, or null. The week is a circle.</summary>
    public static (int First, int Second)? Find(IReadOnlyList<WeeklyHours> weekly)
    {
        for (var second = 1; second < weekly.Count; second++)
        {
            for (var first = 0; first < second; first++)
            {
                var (a, b) = (Minutes(weekly[first]), Minutes(weekly[second]));
                if (Overlap(a, b) || Overlap(a, Shift(b, MinutesOfWeek)) || Overlap(a, Shift(b, -MinutesOfWeek)))
                {
                    return (first, second);
                }
            }
        }

        return null;
    }

    private static (int Start, int End) Minutes(WeeklyHours hours)
    {
        var start = ((int)hours.DayOfWeek * MinutesOfDay) + MinuteOf(hours.Start);
        var length = MinuteOf(hours.End) - MinuteOf(hours.Start);
        return (start, start + (length > 0 ? length : length + MinutesOfDay));
    }

    private static int MinuteOf(TimeOnly time) => (time.Hour * 60) + time.Minute;

    private static (int Start, int End) Shift((int Start, int End) window, int minutes) => (window.Start + minutes, window.End + minutes);

    private static bool Overlap((int Start, int End) a, (int Start, int End) b) => a.Start < b.End && b.Start < a.End;
}
