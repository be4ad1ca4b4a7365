using Aspire.Hosting;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Processes;
using Clinic.Embedded.Hosting.Storage;
using Microsoft.Extensions.Configuration;

namespace Clinic.Embedded.Hosting.Redis;

/// <summary>Finds a Redis or Valkey server on the machine, or downloads Garnet.</summary>
internal sealed class RedisServers(IConfiguration configuration, CommandRunner commands, Downloads downloads)
{
    private const string ConfigurationKey = "Embedded:RedisServer";

    public async Task<IRedisServer> GetAsync(IOutput output, CancellationToken cancellationToken)
    {
        if (configuration[ConfigurationKey] is { Length: > 0 } configured)
        {
            return File.Exists(configured)
                ? new RedisServer(Path.GetFullPath(configured))
                : throw new DistributedApplicationException($"{ConfigurationKey} is '{configured}', and there is no such file.");
        }

        if ((Executables.FindOnPath("redis-server") ?? Executables.FindOnPath("valkey-server")) is { } installed)
        {
            return new RedisServer(installed);
        }

        try
        {
            return await GarnetServer.GetAsync(downloads, commands, output, cancellationToken);
        }
        catch (DistributedApplicationException exception)
        {
            throw new DistributedApplicationException(
                $"there is no Redis server, and Garnet could not be fetched. {exception.Message}\n"
                + "One of these helps:\n"
                + "  - install Redis or Valkey, so that redis-server or valkey-server is on the PATH;\n"
                + $"  - name the program: --{ConfigurationKey}=/path/to/redis-server;\n"
                + "  - let `dotnet tool install` reach a source that has garnet-server.",
                exception);
        }
    }
}

/// <summary>A program that speaks the Redis protocol.</summary>
internal interface IRedisServer
{
    /// <param name="port">Where to listen, on this machine alone.</param>
    /// <param name="password">What clients must know.</param>
    /// <param name="folder">A folder of its own, thrown away at the end.</param>
    ProcessSpec Command(int port, string password, string folder);
}
