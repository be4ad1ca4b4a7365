using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Clinic.Bench.Load;

/// <summary>
/// Requests arrive at a fixed rate, whether or not the earlier ones are answered, as they do from people. A latency counts
/// from when the request was due, not from when a connection was free to send it: a server that stands still for a second
/// is charged for all who came in that second (no coordinated omission).
/// </summary>
internal static class OpenLoop
{
    public static async Task<LoadResult> RunAsync(
        IReadOnlyList<Uri> targets, int connections, Workload work, int perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var recorder = new LoadRecorder(work);
        var arrivals = Channel.CreateUnbounded<(WorkItem Item, long Due)>(new() { SingleWriter = true });
        var open = new List<HttpConnection>();
        try
        {
            for (var i = 0; i < connections; i++)
            {
                open.Add(await HttpConnection.OpenAsync(targets[i % targets.Count], cancellationToken));
            }

            var started = Stopwatch.GetTimestamp();
            var workers = open.Select((connection, i) => Task.Run(() => WorkAsync(connection, targets[i % targets.Count]), cancellationToken)).ToList();
            new Thread(() => Pace(arrivals.Writer, work, perSecond, duration, cancellationToken)) { IsBackground = true, Name = "arrivals" }.Start();
            await Patience.WaitAsync(Task.WhenAll(workers), duration, cancellationToken);
            return recorder.Result(Stopwatch.GetElapsedTime(started));
        }
        finally
        {
            open.ForEach(connection => connection.Dispose());
        }

        async Task WorkAsync(HttpConnection connection, Uri target)
        {
            var histograms = recorder.NewWorker();
            await foreach (var (item, due) in arrivals.Reader.ReadAllAsync(cancellationToken))
            {
                try
                {
                    var reply = await connection.SendAsync(item.Request, cancellationToken);
                    histograms[item.Kind].Record(Stopwatch.GetElapsedTime(due));
                    recorder.Check(item, reply);
                }
                catch (Exception exception) when (exception is IOException or SocketException)
                {
                    recorder.Fail(item, exception.Message);
                    connection.Dispose();
                    connection = await HttpConnection.OpenAsync(target, cancellationToken);
                }
            }

            connection.Dispose();
        }
    }

    /// <summary>Lets each request go when it is due. A sleep ends up to 1 ms late, which the latencies include.</summary>
    private static void Pace(
        ChannelWriter<(WorkItem Item, long Due)> arrivals, Workload work, int perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var total = (long)(perSecond * duration.TotalSeconds);
        for (long i = 0; i < total && !cancellationToken.IsCancellationRequested; i++)
        {
            var due = started + (i * Stopwatch.Frequency / perSecond);
            while (Stopwatch.GetTimestamp() < due)
            {
                Thread.Sleep(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { TotalMilliseconds: > 1 } wait ? wait : TimeSpan.FromMilliseconds(1));
            }

            if (!work.TryNext(out var item))
            {
                break;
            }

            arrivals.TryWrite((item, due));
        }

        arrivals.Complete();
    }
}
