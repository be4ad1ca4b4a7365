using System.Globalization;
using System.Runtime.InteropServices;

namespace Clinic.Bench.Reporting;

/// <summary>All that one run of the bench found out.</summary>
internal sealed record Report(DateTimeOffset StartedAt, string Command, bool IsQuick)
{
    public string Machine { get; } = Machines.Describe();

    public List<Verdict> Verdicts { get; } = [];

    public List<Section> Sections { get; } = [];
}

/// <summary>A target and what came of it. <paramref name="Passed"/> is null where the run is too short to say.</summary>
internal sealed record Verdict(string Target, string Measured, bool? Passed)
{
    public string Word => Passed switch { true => "met", false => "missed", null => "not judged" };
}

/// <summary>One subject of the report.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What was done and how to read it; one paragraph each.</param>
internal sealed record Section(string Title, params IReadOnlyList<string> Text)
{
    /// <summary>Throughput and latency, each measurement with all repetitions.</summary>
    public IReadOnlyList<Measurement> Measurements { get; init; } = [];

    public IReadOnlyList<Table> Tables { get; init; } = [];

    public IReadOnlyList<Chart> Charts { get; init; } = [];
}

/// <summary>Anything else that has rows and columns.</summary>
internal sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>Lines over some named steps, as rates. A missing value breaks the line.</summary>
internal sealed record Chart(string Title, string Unit, IReadOnlyList<string> Steps, IReadOnlyList<ChartLine> Lines);

internal sealed record ChartLine(string Name, IReadOnlyList<double> Values);

internal static class Machines
{
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024):0} GB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
}

/// <summary>Numbers as the report writes them.</summary>
internal static class Numbers
{
    public static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Ms(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    public static string Cpu(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    public static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Kilobytes(double? bytes) => bytes is { } b ? (b / 1024).ToString("N1", CultureInfo.InvariantCulture) : "";

    public static string Megabytes(double bytes) => (bytes / (1024 * 1024)).ToString("N0", CultureInfo.InvariantCulture);
}
