using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>Says, when every resource is up, done or broken, which addresses there are and what is missing.</summary>
internal sealed class ConsoleReport(ResourceNotificationService notifications, DistributedApplicationModel model) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var latest = new Dictionary<string, ResourceEvent>();

        try
        {
            await foreach (var resourceEvent in notifications.WatchAsync(stoppingToken))
            {
                latest[resourceEvent.ResourceId] = resourceEvent;

                if (model.Resources.All(resource => latest.Values.Any(e => e.Resource == resource)) && latest.Values.All(IsSettled))
                {
                    Report(latest.Values);
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before everything was up.
        }
    }

    private static bool IsSettled(ResourceEvent e) =>
        e.Snapshot.HealthStatus == HealthStatus.Healthy || ResourceNotificationService.IsTerminal(e.Snapshot);

    /// <summary>A server that ends has not, whatever its exit code.</summary>
    private static bool HasDoneItsWork(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.Finished && snapshot.ExitCode == 0;

    private static void Report(IReadOnlyCollection<ResourceEvent> resources)
    {
        var broken = resources
            .Where(e => ResourceNotificationService.IsTerminal(e.Snapshot) && !HasDoneItsWork(e.Snapshot))
            .Select(e => $"{e.Resource.Name} {ResourceNotificationService.Outcome(e.Snapshot)}")
            .Distinct()
            .ToList();
        var addresses = resources
            .Where(e => e.Snapshot.HealthStatus == HealthStatus.Healthy)
            .SelectMany(e => e.Snapshot.Urls.Where(url => !url.IsInternal).Select(url => (e.Resource.Name, Url: url)))
            .DistinctBy(address => address.Url.Url)
            .Reverse()
            .ToList();

        PrefixedConsole.WriteOwn("");
        PrefixedConsole.WriteOwn(broken.Count == 0
            ? "Everything is running. Ctrl+C stops it."
            : $"Not everything is running: {string.Join(", ", broken)}. Ctrl+C stops the rest.");

        foreach (var (name, url) in addresses)
        {
            PrefixedConsole.WriteOwn($"  {name}: {url.Url}{(url.DisplayText.Length > 0 ? $" ({url.DisplayText})" : "")}");
        }

        PrefixedConsole.WriteOwn("");
    }
}
