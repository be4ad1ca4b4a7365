using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Processes;
using Clinic.Embedded.Hosting.Storage;

namespace Clinic.Embedded.Hosting.Redis;

/// <summary>Runs a server that speaks the Redis protocol.</summary>
internal sealed partial class RedisLauncher(RedisServers servers, ProcessSpawner spawner) : ResourceLauncher<RedisResource>, IDisposable
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
        return await spawner.StartAsync(command, new ServerOutput(instance.Output, RoutineLine()));
    }

    protected override IEnumerable<HealthProbe> ProbesOf(RedisResource redis, ResourceInstance instance) =>
    [
        new($"{redis.Name}_check", cancellationToken =>
            RedisPing.SendAsync(instance.TargetPorts[RedisResource.PrimaryEndpointName], redis.Password, cancellationToken)),
    ];

    /// <summary>
    /// Below a warning ("123:M 04 Mar 2030 12:00:00.000 * Ready to accept connections"), or a warning only in name: the banner, the farewell,
    /// and how to set up the machine of a big server.
    /// </summary>
    [GeneratedRegex(
        @"^\d+:([A-Z] .+:\d\d\.\d+ [*.-] |signal-handler )"
        + "|(Redis|Valkey) (is starting|version=|is now ready to exit)|Configuration loaded|Server initialized|User requested shutdown"
        + "|WARNING:? (Memory overcommit|overcommit_memory|The TCP backlog|You have Transparent Huge Pages)",
        RegexOptions.IgnoreCase)]
    private static partial Regex RoutineLine();
}
