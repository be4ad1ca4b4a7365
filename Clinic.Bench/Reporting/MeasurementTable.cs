namespace Clinic.Bench.Reporting;

/// <summary>Measurements as rows, for both kinds of document.</summary>
internal static class MeasurementTable
{
    public static Table Of(IReadOnlyList<Measurement> measurements)
    {
        var countsAllocations = measurements.Any(m => m.AllocatedBytes is not null);
        return new Table(
            [
                "", "requests/s", "slowest – fastest", "p50 ms", "p95 ms", "p99 ms", "max ms",
                "server CPU ms", "Postgres CPU ms", "Redis CPU ms", .. countsAllocations ? ["allocated KB"] : Array.Empty<string>(), "errors",
            ],
            [.. measurements.Select(m => (IReadOnlyList<string>)[
                m.Name,
                Numbers.Whole(m.PerSecond),
                $"{Numbers.Whole(m.SlowestPerSecond)} – {Numbers.Whole(m.FastestPerSecond)}",
                Numbers.Ms(m.P50Ms),
                Numbers.Ms(m.P95Ms),
                Numbers.Ms(m.P99Ms),
                Numbers.Ms(m.MaxMs),
                Numbers.Cpu(m.ServerCpuMs),
                Numbers.Cpu(m.PostgresCpuMs),
                Numbers.Cpu(m.RedisCpuMs),
                .. countsAllocations ? [Numbers.Kilobytes(m.AllocatedBytes)] : Array.Empty<string>(),
                Numbers.Whole(m.ErrorCount),
            ])]);
    }
}
