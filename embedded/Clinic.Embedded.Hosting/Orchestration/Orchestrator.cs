using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Sockets;
using System.Security.Cryptography;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>Starts every instance of every resource at once, each waiting for what it needs, and stops them in reverse.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model,
    IEnumerable<ResourceLauncher> launchers,
    ResourceNotificationService notifications,
    ResourceOutput output,
    PortAllocator ports,
    IConfiguration configuration,
    EmbeddedSettings settings) : IHostedService, IAsyncDisposable
{
    /// <summary>Aspire's own key.</summary>
    public const string RandomizePortsKey = "DcpPublisher:RandomizePorts";

    private const string SuffixCharacters = "abcdefghijklmnopqrstuvwxyz";
    private const int SuffixLength = 8;

    // The dashboard asks while it is being filled.
    private readonly ConcurrentDictionary<IResource, List<ResourceInstance>> _instances = [];
    private readonly List<RoundRobinProxy> _proxies = [];
    private readonly ConcurrentDictionary<ResourceInstance, Task> _stops = [];

    public IReadOnlyList<ResourceInstance> InstancesOf(IResource resource) => _instances.GetValueOrDefault(resource) ?? [];

    /// <summary>The instance with this id, or the only one of the resource with this name.</summary>
    public ResourceInstance? FindInstance(string idOrName)
    {
        var all = _instances.Values.SelectMany(instances => instances).ToList();
        var named = all.Where(instance => string.Equals(instance.Resource.Name, idOrName, StringComparison.OrdinalIgnoreCase)).ToList();

        return all.FirstOrDefault(instance => string.Equals(instance.Id, idOrName, StringComparison.OrdinalIgnoreCase))
            ?? (named.Count == 1 ? named[0] : null);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources.OfType<IResourceWithEndpoints>())
        {
            AllocatePorts(resource);
        }

        var dependencies = new Dependencies(notifications, InstancesOf);
        foreach (var resource in model.Resources)
        {
            _instances[resource] = [.. CreateInstances(resource, dependencies)];
        }

        await Task.WhenAll(_instances.Values.SelectMany(instances => instances).Select(instance => instance.StartAsync()));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_instances.Keys.SelectMany(StopWithDependents)).WaitAsync(cancellationToken);

        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        _proxies.Clear();
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private IEnumerable<Task> StopWithDependents(IResource resource) =>
        InstancesOf(resource).Select(instance => _stops.GetOrAdd(instance, StopAfterDependentsAsync));

    private async Task StopAfterDependentsAsync(ResourceInstance instance)
    {
        var dependents = _instances.Keys.Where(other => DependsOn(other, instance.Resource));
        await Task.WhenAll(dependents.SelectMany(StopWithDependents).ToList());
        await instance.StopAsync();
    }

    private static bool DependsOn(IResource resource, IResource dependency) =>
        resource.Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource == dependency);

    /// <summary>The ports that clients use: those that were asked for or, under a test unless it says otherwise, random ones.</summary>
    private void AllocatePorts(IResourceWithEndpoints resource)
    {
        var randomize = configuration.GetValue(RandomizePortsKey, settings.IsTest);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            endpoint.AllocatedPort = (randomize ? null : endpoint.Port) ?? ports.Allocate();
        }
    }

    private IEnumerable<ResourceInstance> CreateInstances(IResource resource, Dependencies dependencies)
    {
        var launcher = launchers.FirstOrDefault(candidate => candidate.CanLaunch(resource));
        if (launcher is not null && resource is IResourceWithWaitSupport)
        {
            LifecycleCommands.AddTo(resource);
        }

        var replicas = resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        var targetPorts = Enumerable.Range(0, replicas)
            .Select(_ => endpoints.ToDictionary(e => e.Name, e => replicas == 1 ? e.AllocatedPort!.Value : ports.Allocate()))
            .ToList();

        if (replicas > 1)
        {
            endpoints.ForEach(endpoint => StartProxy(resource, endpoint, targetPorts.Select(target => target[endpoint.Name])));
        }

        return targetPorts.Select(target => CreateInstance(resource, launcher, target, replicas, dependencies));
    }

    private ResourceInstance CreateInstance(
        IResource resource, ResourceLauncher? launcher, Dictionary<string, int> targetPorts, int replicas, Dependencies dependencies)
    {
        // A database or a parameter is one thing and goes by its name; processes come and go.
        var id = resource is IResourceWithWaitSupport
            ? $"{resource.Name}-{RandomNumberGenerator.GetString(SuffixCharacters, SuffixLength)}"
            : resource.Name;

        var initial = new CustomResourceSnapshot
        {
            ResourceType = launcher?.ResourceType ?? resource.GetType().Name.Replace("Resource", ""),
            State = launcher is null ? KnownResourceStates.Running : KnownResourceStates.NotStarted,
            CreationTimeStamp = DateTime.UtcNow,
            Properties = ResourceDetails.Of(resource),
            Urls = ResourceUrls.Of(resource),
            Relationships =
            [
                .. resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                    .Select(relationship => new RelationshipSnapshot(relationship.Resource.Name, relationship.Type)),
            ],
        };

        var instanceOutput = output.For(resource.Name, id, replicas > 1 ? id : resource.Name, writes: launcher is not null);
        return new ResourceInstance(resource, id, launcher, targetPorts, initial, instanceOutput, dependencies, notifications);
    }

    private void StartProxy(IResource resource, EndpointAnnotation endpoint, IEnumerable<int> targets)
    {
        try
        {
            _proxies.Add(new RoundRobinProxy(endpoint.AllocatedPort!.Value, targets));
        }
        catch (SocketException)
        {
            throw new DistributedApplicationException(TakenPort(resource, endpoint.Name, endpoint.AllocatedPort!.Value));
        }
    }

    public static string TakenPort(IResource resource, string endpointName, int port) =>
        $"port {port}, the endpoint '{endpointName}' of '{resource.Name}', is in use by another process. "
        + "End that process, choose another port in the project's Properties/launchSettings.json, "
        + $"or let every port be a free one: --{RandomizePortsKey}=true";
}
