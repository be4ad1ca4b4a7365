namespace Clinic.MigrationWorker.Files;

/// <summary>
/// Start and end of a window. An end before the start is mostly a slip of the pen, so a window that is meant to run into
/// the next day says so with <c>"overnight": true</c>. An end of 00:00 needs no such word: it is the midnight that ends the day.
/// </summary>
internal static class WindowTimes
{
    public static (TimeOnly Start, TimeOnly End)? Read(EntryReader window)
    {
        var start = window.QuarterHour("start");
        var end = window.QuarterHour("end");
        var overnight = window.Flag("overnight");
        if (start is not { } from || end is not { } to)
        {
            return null;
        }

        if (overnight && to > from)
        {
            window.Problem($"overnight is true, but end {to:HH:mm} is after start {from:HH:mm} on the same day.");
        }
        else if (!overnight && to <= from && to != TimeOnly.MinValue)
        {
            window.Problem($"end {to:HH:mm} is not after start {from:HH:mm}; a window that ends on the next day says \"overnight\": true.");
        }

        return (from, to);
    }
}
