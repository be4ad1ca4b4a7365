using System.Diagnostics;
using System.Net.Sockets;

namespace Clinic.Bench.Load;

/// <summary>
/// A fixed number of connections, each with the next request as soon as the last one is answered: how much a server can do.
/// </summary>
internal static class ClosedLoop
{
    /// <summary>Runs until the time is over or the work is done, whichever is first.</summary>
    public static async Task<LoadResult> RunAsync(
        IReadOnlyList<Uri> targets, int connections, Workload work, TimeSpan duration, CancellationToken cancellationToken)
    {
        var recorder = new LoadRecorder(work);
        var open = new List<HttpConnection>();
        try
        {
            for (var i = 0; i < connections; i++)
            {
                open.Add(await HttpConnection.OpenAsync(targets[i % targets.Count], cancellationToken));
            }

            var started = Stopwatch.GetTimestamp();
            var workers = open.Select(connection => Task.Run(() => WorkAsync(connection, started), cancellationToken));
            await Patience.WaitAsync(Task.WhenAll(workers), duration, cancellationToken);
            return recorder.Result(Stopwatch.GetElapsedTime(started));
        }
        finally
        {
            open.ForEach(connection => connection.Dispose());
        }

        async Task WorkAsync(HttpConnection connection, long started)
        {
            var histograms = recorder.NewWorker();
            try
            {
                while (Stopwatch.GetElapsedTime(started) < duration && work.TryNext(out var item))
                {
                    var sent = Stopwatch.GetTimestamp();
                    var reply = await connection.SendAsync(item.Request, cancellationToken);
                    histograms[item.Kind].Record(Stopwatch.GetElapsedTime(sent));
                    recorder.Check(item, reply);
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                recorder.Fail(default, exception.Message);
            }
        }
    }
}
