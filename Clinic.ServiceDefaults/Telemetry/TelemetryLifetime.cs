using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Clinic.ServiceDefaults.Telemetry;

/// <summary>Starts collecting with the host, and on stopping sends what is left, for as long as a stop may be held up.</summary>
internal sealed class TelemetryLifetime(IServiceProvider services) : IHostedService
{
    /// <summary>For all signals together; whoever collects them may be away or silent.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private TracerProvider? _traces;
    private MeterProvider? _metrics;
    private LoggerProvider? _logs;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A provider collects from when it is made. Kept here, because a host may be stopped while it is being disposed of.
        _traces = services.GetService<TracerProvider>();
        _metrics = services.GetService<MeterProvider>();
        _logs = services.GetService<LoggerProvider>();
        return Task.CompletedTask;
    }

    /// <summary>Shuts the providers down, so that disposing of them later has nothing left to wait for.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        var patience = (int)Patience.TotalMilliseconds;
        return Task.WhenAll(
            Task.Run(() => _traces?.Shutdown(patience), CancellationToken.None),
            Task.Run(() => _metrics?.Shutdown(patience), CancellationToken.None),
            Task.Run(() => _logs?.Shutdown(patience), CancellationToken.None));
    }
}
