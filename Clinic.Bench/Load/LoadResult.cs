using System.Collections.Concurrent;
using Clinic.Bench.Running;

namespace Clinic.Bench.Load;

/// <summary>What a run of the load generator saw.</summary>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="ByKind">Latencies by kind of request.</param>
/// <param name="Errors">How often what went wrong, by kind of request.</param>
internal sealed record LoadResult(
    TimeSpan Elapsed, IReadOnlyDictionary<string, LatencyHistogram> ByKind, IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Errors)
{
    public long Requests => ByKind.Values.Sum(h => h.Count);

    /// <exception cref="BenchFailure">There were errors, in something that is only a preparation.</exception>
    public void RequireNoErrors(string what)
    {
        if (Errors.Values.SelectMany(e => e.Keys).FirstOrDefault() is { } error)
        {
            throw new BenchFailure($"{what}: {error}");
        }
    }
}

/// <summary>Collects what the workers of one run see.</summary>
internal sealed class LoadRecorder(Workload work)
{
    private readonly ConcurrentBag<LatencyHistogram[]> _histograms = [];
    private readonly ConcurrentDictionary<(int Kind, string What), int> _errors = new();

    /// <summary>Histograms for one worker, one of each kind.</summary>
    public LatencyHistogram[] NewWorker()
    {
        LatencyHistogram[] own = [.. work.Kinds.Select(_ => new LatencyHistogram())];
        _histograms.Add(own);
        return own;
    }

    public void Check(in WorkItem item, in HttpReply reply)
    {
        if (!work.Accept(item, reply))
        {
            var text = reply.Text;
            Fail(item, $"{reply.Status} {text[..Math.Min(text.Length, 200)]}");
        }
    }

    public void Fail(in WorkItem item, string what) => _errors.AddOrUpdate((item.Kind, what), 1, (_, count) => count + 1);

    public LoadResult Result(TimeSpan elapsed)
    {
        var byKind = new Dictionary<string, LatencyHistogram>();
        for (var kind = 0; kind < work.Kinds.Count; kind++)
        {
            var joined = new LatencyHistogram();
            foreach (var own in _histograms)
            {
                joined.Add(own[kind]);
            }

            byKind.Add(work.Kinds[kind], joined);
        }

        return new LoadResult(elapsed, byKind, work.Kinds.Select((name, kind) => (name, kind)).ToDictionary(
            k => k.name,
            IReadOnlyDictionary<string, int> (k) => _errors.Where(e => e.Key.Kind == k.kind).ToDictionary(e => e.Key.What, e => e.Value)));
    }
}
