namespace Clinic.Bench.Load;

/// <summary>One request to send.</summary>
/// <param name="Request">Its bytes.</param>
/// <param name="Kind">Which histogram its latency goes to, from 0.</param>
/// <param name="State">What the workload wants to see again with the answer.</param>
internal readonly record struct WorkItem(byte[] Request, int Kind = 0, object? State = null);

/// <summary>What is asked for, one request after the other. Workers call it at the same time.</summary>
internal abstract class Workload
{
    /// <summary>Names of the kinds of requests, each with a histogram of its own.</summary>
    public virtual IReadOnlyList<string> Kinds => ["all"];

    /// <summary>False when there is nothing left to send.</summary>
    public abstract bool TryNext(out WorkItem item);

    /// <summary>Whether the answer is as it should be; else it counts as an error.</summary>
    public virtual bool Accept(in WorkItem item, in HttpReply reply) => reply.IsSuccess;
}

/// <summary>The same requests over and over, in turn.</summary>
internal sealed class Rotation(IReadOnlyList<byte[]> requests) : Workload
{
    private int _next = -1;

    public override bool TryNext(out WorkItem item)
    {
        item = new WorkItem(requests[(int)((uint)Interlocked.Increment(ref _next) % (uint)requests.Count)]);
        return true;
    }
}

/// <summary>Each request once; what came back is handed to <paramref name="onReply"/>, which says whether it is right.</summary>
internal sealed class OnceEach(IReadOnlyList<WorkItem> items, Func<WorkItem, HttpReply, bool>? onReply = null, params IReadOnlyList<string> kinds) : Workload
{
    public override IReadOnlyList<string> Kinds => kinds.Count > 0 ? kinds : base.Kinds;

    private int _next = -1;

    public override bool TryNext(out WorkItem item)
    {
        var next = Interlocked.Increment(ref _next);
        item = next < items.Count ? items[next] : default;
        return next < items.Count;
    }

    public override bool Accept(in WorkItem item, in HttpReply reply) => onReply?.Invoke(item, reply) ?? reply.IsSuccess;
}
