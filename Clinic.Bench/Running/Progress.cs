using System.Diagnostics;
using System.Globalization;

namespace Clinic.Bench.Running;

/// <summary>Says on the console what is being done, with the time since the start.</summary>
internal static class Progress
{
    private static readonly long Started = Stopwatch.GetTimestamp();

    public static void Say(string text) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{Stopwatch.GetElapsedTime(Started):mm\\:ss}] {text}"));
}
