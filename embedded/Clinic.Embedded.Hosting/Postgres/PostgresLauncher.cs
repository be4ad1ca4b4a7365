using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Processes;
using Clinic.Embedded.Hosting.Storage;

namespace Clinic.Embedded.Hosting.Postgres;

/// <summary>Runs a PostgreSQL server that listens on the local machine alone.</summary>
internal sealed partial class PostgresLauncher(
    PostgresBinaries binaries, PostgresDataFolder dataFolders, ProcessSpawner spawner, EmbeddedSettings settings)
    : ResourceLauncher<PostgresServerResource>
{
    public override string ResourceType => "Executable";

    protected override async Task<IRunningResource> LaunchAsync(
        PostgresServerResource server, ResourceInstance instance, CancellationToken cancellationToken)
    {
        var installation = await binaries.GetAsync(instance.Output, cancellationToken);
        var data = await dataFolders.GetAsync(server, installation, instance.Output, cancellationToken);
        var port = instance.TargetPorts[PostgresServerResource.PrimaryEndpointName];

        instance.Update(s => s.WithProperty(KnownProperties.ProgramPath, installation.Postgres));

        if (!PortAllocator.IsFree(port))
        {
            throw new DistributedApplicationException(Orchestrator.TakenPort(server, PostgresServerResource.PrimaryEndpointName, port));
        }

        return await spawner.StartAsync(
            new ProcessSpec
            {
                FileName = installation.Postgres,
                Arguments = ["-D", data, "-p", $"{port}", "-c", "listen_addresses=localhost", "-c", "unix_socket_directories=", .. Durability(server)],
                WorkingDirectory = Path.GetPathRoot(data)!,
                Environment = ProcessEnvironment.OfTools(),
                StopSignal = StopSignal.Interrupt,
                Wrapper = UnprivilegedUser.Wrapper,
            },
            new ServerOutput(instance.Output, RoutineLine()));
    }

    protected override IEnumerable<HealthProbe> ProbesOf(PostgresServerResource server, ResourceInstance instance) =>
        [new($"{server.Name}_check", cancellationToken => PostgresQuery.RunAsync($"{server.ConnectionString};Database=postgres", "SELECT 1", cancellationToken))];

    /// <summary>Data that is thrown away need not survive a power cut.</summary>
    private IEnumerable<string> Durability(PostgresServerResource server) =>
        PostgresVolume.Of(server, settings) is null ? ["-c", "fsync=off", "-c", "full_page_writes=off"] : [];

    /// <summary>"2030-03-04 12:00:00.000 UTC [123] LOG:  database system is ready to accept connections".</summary>
    [GeneratedRegex(
        @"\] LOG:  (starting PostgreSQL |listening on |database system (is|was) shut down|database system is ready|received (fast|smart) shutdown"
        + @"|aborting any active transactions|background worker ""logical replication launcher""|shutting down|checkpoint (starting|complete))")]
    private static partial Regex RoutineLine();
}
