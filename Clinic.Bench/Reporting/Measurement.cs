using Clinic.Bench.Load;
using Clinic.Bench.Running;

namespace Clinic.Bench.Reporting;

/// <summary>One run of one candidate. CPU is milliseconds per request, of all cores together.</summary>
internal sealed record Repetition(
    long Requests,
    double PerSecond,
    double P50Ms,
    double P95Ms,
    double P99Ms,
    double MaxMs,
    double ServerCpuMs,
    double PostgresCpuMs,
    double RedisCpuMs,
    double? AllocatedBytes,
    IReadOnlyDictionary<string, int> Errors)
{
    /// <summary>Of the requests of one kind. What was used up is that of all kinds, per request: it cannot be told apart.</summary>
    public static Repetition Of(LoadResult result, string kind, Reading before, Reading after)
    {
        var latencies = result.ByKind[kind];
        var requests = Math.Max(1, result.Requests);
        return new Repetition(
            latencies.Count,
            latencies.Count / result.Elapsed.TotalSeconds,
            latencies.PercentileMs(0.50),
            latencies.PercentileMs(0.95),
            latencies.PercentileMs(0.99),
            latencies.Max.TotalMilliseconds,
            (after.ServerCpu - before.ServerCpu).TotalMilliseconds / requests,
            (after.PostgresCpu - before.PostgresCpu).TotalMilliseconds / requests,
            (after.RedisCpu - before.RedisCpu).TotalMilliseconds / requests,
            (double?)(after.Allocated - before.Allocated) / requests,
            result.Errors[kind]);
    }
}

/// <summary>All repetitions of one candidate; its figures are their medians, except the maximum, which is the worst.</summary>
internal sealed record Measurement(string Name, int Connections, IReadOnlyList<Repetition> Repetitions)
{
    public double PerSecond => Median(r => r.PerSecond);

    public double SlowestPerSecond => Repetitions.Min(r => r.PerSecond);

    public double FastestPerSecond => Repetitions.Max(r => r.PerSecond);

    public double P50Ms => Median(r => r.P50Ms);

    public double P95Ms => Median(r => r.P95Ms);

    public double P99Ms => Median(r => r.P99Ms);

    public double MaxMs => Repetitions.Max(r => r.MaxMs);

    public double ServerCpuMs => Median(r => r.ServerCpuMs);

    public double PostgresCpuMs => Median(r => r.PostgresCpuMs);

    public double RedisCpuMs => Median(r => r.RedisCpuMs);

    public double? AllocatedBytes => Repetitions.All(r => r.AllocatedBytes is not null) ? Median(r => r.AllocatedBytes!.Value) : null;

    public int ErrorCount => Repetitions.Sum(r => r.Errors.Values.Sum());

    private double Median(Func<Repetition, double> figure)
    {
        var sorted = Repetitions.Select(figure).Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
