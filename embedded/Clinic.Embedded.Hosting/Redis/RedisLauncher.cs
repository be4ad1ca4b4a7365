using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Processes;
using Clinic.Embedded.Hosting.Storage;

namespace Clinic.Embedded.Hosting.Redis;

/// <summary>Runs a server that speaks the Redis protocol.</summary>
internal sealed class RedisLauncher(RedisServers servers, ProcessSpawner spawner) : ResourceLauncher<RedisResource>, IDisposable
{
    private readonly ConcurrentDictionary<RedisResource, string> _folders = [];

    public override string ResourceType => "Executable";

    public void Dispose()
    {
        foreach (var folder in _folders.Values.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    protected override async Task<IRunningResource> LaunchAsync(RedisResource redis, ResourceInstance instance, CancellationToken cancellationToken)
    {
        var server = await servers.GetAsync(instance.Output, cancellationToken);
        var port = instance.TargetPorts[RedisResource.PrimaryEndpointName];

        if (!PortAllocator.IsFree(port))
        {
            throw new DistributedApplicationException(Orchestrator.TakenPort(redis, RedisResource.PrimaryEndpointName, port));
        }

        var folder = _folders.GetOrAdd(redis, _ =>
        {
            var created = UserFolders.CreateThrowAway(redis.Name);
            spawner.DeleteAtEnd(created);
            return created;
        });

        var command = server.Command(port, redis.Password, folder);
        instance.Update(s => s.WithProperty(KnownProperties.ProgramPath, command.Program));
        return await spawner.StartAsync(command, instance.Output);
    }

    protected override IEnumerable<HealthProbe> ProbesOf(RedisResource redis, ResourceInstance instance) =>
    [
        new($"{redis.Name}_check", cancellationToken =>
            RedisPing.SendAsync(instance.TargetPorts[RedisResource.PrimaryEndpointName], redis.Password, cancellationToken)),
    ];
}
