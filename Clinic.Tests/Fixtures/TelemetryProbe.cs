using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace Clinic.Tests.Fixtures;

/// <summary>
/// Sees what an API instance hands to its exporter, which itself has nowhere to send it: spans, log records at every level,
/// and the measurements of its meters.
/// </summary>
internal sealed class TelemetryProbe : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentQueue<string> _logs = new();
    private readonly ConcurrentQueue<Measured> _measurements = new();
    private readonly MeterListener _meters = new();

    /// <summary>Where nothing listens. The instance has to work all the same.</summary>
    public string Endpoint { get; init; } = "http://127.0.0.1:1";

    /// <summary>Every span that ended, of all instances in this process.</summary>
    public IReadOnlyCollection<Activity> Spans => _spans;

    /// <summary>Every log record with its trace id, category, message, values and exception.</summary>
    public IReadOnlyCollection<string> Logs => _logs;

    /// <summary>Every measurement, of all instances in this process.</summary>
    public IReadOnlyCollection<Measured> Measurements => _measurements;

    public void Attach(IWebHostBuilder builder)
    {
        builder.ConfigureLogging(logging => logging.AddFilter<OpenTelemetryLoggerProvider>(null, LogLevel.Trace));
        builder.ConfigureTestServices(services => services
            // A source named a second time, as by Aspire's client packages, must not double its spans.
            .ConfigureOpenTelemetryTracerProvider(traces => traces.AddSource("Npgsql").AddProcessor(new SpanSink(_spans)))
            .ConfigureOpenTelemetryLoggerProvider(logs => logs.AddProcessor(new LogSink(_logs))));
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>(Record);
        _meters.SetMeasurementEventCallback<int>(Record);
        _meters.SetMeasurementEventCallback<double>(Record);
        _meters.Start();
    }

    /// <summary>Measurements of the clinic's own meter in this instance only.</summary>
    public IEnumerable<Measured> Of(IMeterFactory instance, string instrument) =>
        _measurements.Where(m => ReferenceEquals(m.Scope, instance) && m.Instrument == instrument);

    /// <summary>Reads the observable instruments once, as an exporter does.</summary>
    public void Collect() => _meters.RecordObservableInstruments();

    /// <summary>The spans of a trace, once <paramref name="complete"/> holds of them: a span ends a moment after its answer is read.</summary>
    public async Task<IReadOnlyList<Activity>> TraceAsync(ActivityTraceId trace, Func<IReadOnlyList<Activity>, bool> complete)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        do
        {
            var spans = _spans.Where(s => s.TraceId == trace).ToList();
            if (complete(spans))
            {
                return spans;
            }

            Assert.True(
                Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), $"Incomplete: {string.Join(", ", spans.Select(s => s.DisplayName))}");
        }
        while (await timer.WaitForNextTickAsync());

        throw new InvalidOperationException("The timer has ended.");
    }

    public void Dispose() => _meters.Dispose();

    private void Record<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        where T : struct, IConvertible =>
        _measurements.Enqueue(new Measured(
            instrument.Meter.Scope, instrument.Name, value.ToDouble(null), string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))));

    /// <param name="Scope">The meter factory of the instance, if it made the meter.</param>
    /// <param name="Instrument">Name.</param>
    /// <param name="Value">As measured.</param>
    /// <param name="Tags"><c>name=value</c>, separated by spaces.</param>
    internal sealed record Measured(object? Scope, string Instrument, double Value, string Tags);

    private sealed class SpanSink(ConcurrentQueue<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.Recorded)
            {
                spans.Enqueue(data);
            }
        }
    }

    private sealed class LogSink(ConcurrentQueue<string> logs) : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data) => logs.Enqueue(string.Join(
            ' ',
            [data.TraceId.ToHexString(), data.CategoryName, data.FormattedMessage, .. (data.Attributes ?? []).Select(a => $"{a.Key}={a.Value}"), data.Exception]));
    }
}
