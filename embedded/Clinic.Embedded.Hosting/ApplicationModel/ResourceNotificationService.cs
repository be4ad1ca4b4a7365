using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource's instance and what is known about it.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">The instance: the name, or the name and a suffix for processes.</param>
/// <param name="snapshot">What is known.</param>
public sealed class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    public IResource Resource { get; } = resource;

    public string ResourceId { get; } = resourceId;

    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>Tells how the resources are doing, now and from now on.</summary>
public sealed class ResourceNotificationService : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly DistributedApplicationModel _model;
    private bool _disposed;

    internal ResourceNotificationService(DistributedApplicationModel model) => _model = model;

    /// <summary>Waits for an instance of the resource to reach a state, Running unless another is named.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits for an instance of the resource to reach one of the states.</summary>
    /// <returns>The state that it reached.</returns>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var reached = await WaitForResourceAsync(
            resourceName, e => e.Snapshot.State is { } state && states.Contains(state.Text), cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits for an instance of the resource to be as <paramref name="predicate"/> wants it.</summary>
    public Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        if (!_model.Resources.TryGetByName(resourceName, out _))
        {
            throw new DistributedApplicationException($"There is no resource '{resourceName}' to wait for.");
        }

        return WaitAsync(
            e => string.Equals(e.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(e), cancellationToken);
    }

    /// <summary>Waits for the resource to run and for its health checks to pass.</summary>
    /// <exception cref="DistributedApplicationException">It did not start, or ended.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        var settled = await WaitForResourceAsync(
            resourceName, e => e.Snapshot.HealthStatus == HealthStatus.Healthy || IsTerminal(e.Snapshot), cancellationToken);

        return settled.Snapshot.HealthStatus == HealthStatus.Healthy
            ? settled
            : throw new DistributedApplicationException($"'{resourceName}' does not become healthy: it {Outcome(settled.Snapshot)}.");
    }

    /// <summary>The instance with this id, or the only one of the resource with this name.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
        {
            if (!_current.TryGetValue(resourceId, out resourceEvent))
            {
                var named = _current.Values
                    .Where(e => string.Equals(e.Resource.Name, resourceId, StringComparison.OrdinalIgnoreCase))
                    .ToList();
                resourceEvent = named.Count == 1 ? named[0] : null;
            }

            return resourceEvent is not null;
        }
    }

    /// <summary>All instances as they are, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>(new() { SingleReader = true });

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            foreach (var current in _current.Values)
            {
                channel.Writer.TryWrite(current);
            }

            _watchers.Add(channel);
        }

        try
        {
            await foreach (var resourceEvent in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return resourceEvent;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(channel);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _watchers.ForEach(watcher => watcher.Writer.TryComplete());
        }
    }

    /// <summary>All instances as they are.</summary>
    internal IReadOnlyList<ResourceEvent> Current()
    {
        lock (_lock)
        {
            return [.. _current.Values];
        }
    }

    internal void Publish(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
    {
        var resourceEvent = new ResourceEvent(resource, resourceId, snapshot);

        lock (_lock)
        {
            _current[resourceId] = resourceEvent;
            _watchers.ForEach(watcher => watcher.Writer.TryWrite(resourceEvent));
        }
    }

    internal async Task<ResourceEvent> WaitAsync(Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken)
    {
        await foreach (var resourceEvent in WatchAsync(cancellationToken))
        {
            if (predicate(resourceEvent))
            {
                return resourceEvent;
            }
        }

        throw new OperationCanceledException("The application has ended.");
    }

    internal static bool IsTerminal(CustomResourceSnapshot snapshot) =>
        snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    /// <summary>How a terminal state came about, as the end of a sentence: "exited with code 3".</summary>
    internal static string Outcome(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.FailedToStart ? "did not start"
        : snapshot.ExitCode is { } exitCode ? $"exited with code {exitCode}"
        : "was stopped";
}
