using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Orchestration;
using Npgsql;

namespace Clinic.Embedded.Hosting.Postgres;

/// <summary>Creates a database when it is missing.</summary>
internal sealed class PostgresDatabaseLauncher : ResourceLauncher<PostgresDatabaseResource>
{
    public override string ResourceType => "PostgresDatabase";

    public override string EndStateOf(int exitCode) => KnownResourceStates.Finished;

    protected override async Task<IRunningResource> LaunchAsync(
        PostgresDatabaseResource database, ResourceInstance instance, CancellationToken cancellationToken)
    {
        var server = $"{database.Parent.ConnectionString};Database=postgres";
        if (await PostgresQuery.RunAsync(server, "SELECT 1 FROM pg_database WHERE datname = $1", cancellationToken, database.DatabaseName) is null)
        {
            var name = new NpgsqlCommandBuilder().QuoteIdentifier(database.DatabaseName);
            await PostgresQuery.RunAsync(server, $"CREATE DATABASE {name}", cancellationToken);
        }

        return new Database();
    }

    protected override IEnumerable<HealthProbe> ProbesOf(PostgresDatabaseResource database, ResourceInstance instance) =>
        [new($"{database.Name}_check", cancellationToken => PostgresQuery.RunAsync(database.ConnectionString, "SELECT 1", cancellationToken))];

    /// <summary>No process of its own: it is there until it is stopped.</summary>
    private sealed class Database : IRunningResource
    {
        private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int? ProcessId => null;

        public Task<int> Exited => _ended.Task;

        public Task StopAsync()
        {
            _ended.TrySetResult(0);
            return Task.CompletedTask;
        }
    }
}
