using Aspire.Hosting.ApplicationModel;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>Knows how one kind of resource is launched and when it is healthy.</summary>
internal abstract class ResourceLauncher
{
    /// <summary>The kind, for display.</summary>
    public abstract string ResourceType { get; }

    /// <summary>The state in which a resource of this kind ends.</summary>
    public virtual string EndStateOf(int exitCode) => KnownResourceStates.Exited;

    public abstract bool CanLaunch(IResource resource);

    /// <exception cref="Aspire.Hosting.DistributedApplicationException">It cannot be launched, and why.</exception>
    public abstract Task<IRunningResource> LaunchAsync(ResourceInstance instance, CancellationToken cancellationToken);

    public virtual IEnumerable<HealthProbe> ProbesOf(ResourceInstance instance) => [];
}

/// <inheritdoc cref="ResourceLauncher"/>
internal abstract class ResourceLauncher<T> : ResourceLauncher where T : IResource
{
    public sealed override bool CanLaunch(IResource resource) => resource is T;

    public sealed override Task<IRunningResource> LaunchAsync(ResourceInstance instance, CancellationToken cancellationToken) =>
        LaunchAsync((T)instance.Resource, instance, cancellationToken);

    public sealed override IEnumerable<HealthProbe> ProbesOf(ResourceInstance instance) => ProbesOf((T)instance.Resource, instance);

    protected abstract Task<IRunningResource> LaunchAsync(T resource, ResourceInstance instance, CancellationToken cancellationToken);

    protected virtual IEnumerable<HealthProbe> ProbesOf(T resource, ResourceInstance instance) => [];
}

/// <summary>One question to a running resource; it throws when the answer is not the right one.</summary>
internal sealed record HealthProbe(string Name, Func<CancellationToken, Task> Check);
