using Clinic.Data;
using Clinic.MigrationWorker.Running;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clinic.MigrationWorker.Database;

/// <summary>Waits for a Postgres that is still starting, for a bounded time, and tells at once what waiting cannot mend.</summary>
internal sealed class PostgresReadiness(IDbContextFactory<ClinicDbContext> contexts, TimeProvider clock, ILogger logger)
{
    /// <summary>How long Postgres may take. The AppHost starts the worker once Postgres is up, so this is a backstop.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int OldestMajor = 15;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="WorkerFailure">Postgres does not answer in time, refuses, or is too old.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException down) when (!MayPass(down))
            {
                throw new WorkerFailure($"Postgres refuses the connection '{ClinicDbContext.ConnectionName}': {down.Message}", down);
            }
            catch (NpgsqlException down) when (clock.GetElapsedTime(started) >= Patience)
            {
                throw new WorkerFailure($"Postgres was not ready within {Patience.TotalSeconds:0} s: {down.Message}", down);
            }
            catch (NpgsqlException down)
            {
                logger.Log(attempt == 1 ? LogLevel.Information : LogLevel.Debug, "Waiting for Postgres: {Reason}", down.Message);
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    /// <summary>Opens the connection itself, past EF's own few retries and its error log: here a refusal is no error yet.</summary>
    private async Task TryAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        await connection.OpenAsync(cancellationToken);
        var version = connection.PostgreSqlVersion;
        await connection.CloseAsync();
        if (version.Major < OldestMajor)
        {
            throw new WorkerFailure($"Postgres is version {version}; the clinic needs {OldestMajor} or later.");
        }
    }

    /// <summary>Not listening yet, starting up, full, or its database not made yet.</summary>
    private static bool MayPass(NpgsqlException down) => down.IsTransient || down.SqlState == PostgresErrorCodes.InvalidCatalogName;
}
