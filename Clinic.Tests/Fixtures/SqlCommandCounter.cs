using System.Diagnostics;

namespace Clinic.Tests.Fixtures;

/// <summary>Counts the SQL commands that one API instance sends, by what Npgsql itself reports.</summary>
internal sealed class SqlCommandCounter : IDisposable
{
    private readonly ActivityListener _listener;
    private int _count;

    public SqlCommandCounter(ApiInstance api)
    {
        var trace = Guid.NewGuid().ToString("N");
        api.Client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId.ToHexString() == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = Stopped,
        };
        ActivitySource.AddActivityListener(_listener);

        void Stopped(Activity activity)
        {
            if (activity.Source.Name == "Npgsql" && activity.TraceId.ToHexString() == trace)
            {
                Interlocked.Add(ref _count, CommandsOf(activity));
            }
        }
    }

    public int Count => Volatile.Read(ref _count);

    public void Reset() => Interlocked.Exchange(ref _count, 0);

    public void Dispose() => _listener.Dispose();

    /// <summary>A batch is one activity; its statements are separated by semicolons.</summary>
    private static int CommandsOf(Activity activity) =>
        (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement"))?.ToString()?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length ?? 0;
}
