using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>Waits for what a resource is to wait for: every instance of every resource that it names.</summary>
internal sealed class Dependencies(ResourceNotificationService notifications, Func<IResource, IReadOnlyList<ResourceInstance>> instancesOf)
{
    public bool AreMissing(IResource resource) => Awaited(resource)
        .Any(awaited => !(notifications.TryGetCurrentState(awaited.Instance.Id, out var state) && IsMet(awaited.Wait, state.Snapshot)));

    /// <exception cref="DistributedApplicationException">One of them has ended, or did not start.</exception>
    public Task WaitAsync(IResource resource, CancellationToken cancellationToken) =>
        Task.WhenAll(Awaited(resource).Select(awaited => WaitAsync(awaited.Wait, awaited.Instance, cancellationToken)));

    private async Task WaitAsync(WaitAnnotation wait, ResourceInstance instance, CancellationToken cancellationToken)
    {
        var settled = await notifications.WaitAsync(
            e => e.ResourceId == instance.Id && (IsMet(wait, e.Snapshot) || ResourceNotificationService.IsTerminal(e.Snapshot)),
            cancellationToken);

        if (!IsMet(wait, settled.Snapshot))
        {
            throw new DistributedApplicationException($"{wait.Resource.Name} {ResourceNotificationService.Outcome(settled.Snapshot)}");
        }
    }

    private IEnumerable<(WaitAnnotation Wait, ResourceInstance Instance)> Awaited(IResource resource) =>
        from wait in resource.Annotations.OfType<WaitAnnotation>()
        from instance in instancesOf(wait.Resource)
        select (wait, instance);

    private static bool IsMet(WaitAnnotation wait, CustomResourceSnapshot snapshot) => wait.WaitType switch
    {
        WaitType.WaitForCompletion => ResourceNotificationService.IsTerminal(snapshot) && snapshot.ExitCode == wait.ExitCode,
        _ => snapshot.HealthStatus == HealthStatus.Healthy,
    };
}
