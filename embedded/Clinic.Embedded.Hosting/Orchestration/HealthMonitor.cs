using System.Collections.Immutable;
using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>Asks a running resource again and again how it is: often until it is well, seldom from then on.</summary>
internal sealed class HealthMonitor(IReadOnlyList<HealthProbe> probes, IOutput output, Action<ImmutableArray<HealthReportSnapshot>> report)
{
    private static readonly TimeSpan WhileUnhealthy = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The reports before the first answer.</summary>
    public static ImmutableArray<HealthReportSnapshot> Unknown(IEnumerable<HealthProbe> probes) =>
        [.. probes.Select(probe => new HealthReportSnapshot(probe.Name, null, null, null))];

    /// <summary>Runs until it is cancelled, without an exception then.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var since = Stopwatch.StartNew();
        var wasHealthy = false;
        var complained = false;
        using var timer = new PeriodicTimer(WhileUnhealthy);

        try
        {
            do
            {
                ImmutableArray<HealthReportSnapshot> reports = [.. await Task.WhenAll(probes.Select(probe => AskAsync(probe, cancellationToken)))];
                cancellationToken.ThrowIfCancellationRequested();
                report(reports);

                var problem = reports.FirstOrDefault(r => r.Status != HealthStatus.Healthy);
                if (problem is null && !wasHealthy)
                {
                    output.Tell(complained ? "is healthy again" : probes.Count > 0 ? "is ready" : "is running");
                    complained = false;
                }
                else if (problem is not null && !complained && (wasHealthy || since.Elapsed > Patience))
                {
                    output.Tell($"is not healthy: {problem.Description}");
                    complained = true;
                }

                wasHealthy = problem is null;
                timer.Period = wasHealthy ? WhileHealthy : WhileUnhealthy;
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The resource has ended.
        }
    }

    private static async Task<HealthReportSnapshot> AskAsync(HealthProbe probe, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ProbeTimeout);

        try
        {
            await probe.Check(patience.Token);
            return new(probe.Name, HealthStatus.Healthy, null, null);
        }
        catch (Exception exception)
        {
            var reason = exception is OperationCanceledException ? $"no answer within {ProbeTimeout.TotalSeconds:0} s" : exception.Message;
            return new(probe.Name, HealthStatus.Unhealthy, reason, exception.ToString());
        }
    }
}
