using System.Numerics;

namespace Clinic.Bench.Load;

/// <summary>
/// Latencies in buckets that grow with the value: 64 to each power of two, so a percentile is right to 1.6 %, whether it is
/// 80 µs or 8 s. Not safe for several threads: each worker fills its own, and <see cref="Add"/> joins them.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[] _counts = new long[SubBuckets * 40];

    public long Count { get; private set; }

    public TimeSpan Max { get; private set; }

    public void Record(TimeSpan latency)
    {
        _counts[IndexOf(Math.Max(0, (long)latency.TotalMicroseconds))]++;
        Count++;
        Max = latency > Max ? latency : Max;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        Max = other.Max > Max ? other.Max : Max;
    }

    /// <summary>The latency that <paramref name="part"/> of all (0 to 1) did not exceed, in milliseconds; 0 when there are none.</summary>
    public double PercentileMs(double part)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(part * Count));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return Math.Min(UpperEndOf(i) / 1000.0, Max.TotalMilliseconds);
            }
        }

        return 0;
    }

    private static int IndexOf(long microseconds)
    {
        if (microseconds < SubBuckets)
        {
            return (int)microseconds;
        }

        // The leading bit picks the power of two, the six bits behind it the bucket.
        var shift = BitOperations.Log2((ulong)microseconds) - SubBucketBits;
        return ((shift + 1) << SubBucketBits) + (int)((microseconds >> shift) & (SubBuckets - 1));
    }

    private static long UpperEndOf(int index)
    {
        if (index < SubBuckets)
        {
            return index + 1;
        }

        var shift = (index >> SubBucketBits) - 1;
        return ((long)(index & (SubBuckets - 1)) + SubBuckets + 1) << shift;
    }
}
