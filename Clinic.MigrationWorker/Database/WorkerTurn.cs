using Clinic.Data;
using Clinic.MigrationWorker.Running;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clinic.MigrationWorker.Database;

/// <summary>
/// One worker at a time per database: a session advisory lock on a connection of its own, held until disposed. Postgres
/// gives it back by itself when the worker dies.
/// </summary>
internal sealed class WorkerTurn : IAsyncDisposable
{
    // Any number that nothing else in this database uses: "clinic" in ASCII.
    private const long LockKey = 0x636C696E6963;

    /// <summary>How long another worker may take: far longer than the largest seed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly ClinicDbContext _context;

    private WorkerTurn(ClinicDbContext context) => _context = context;

    /// <exception cref="WorkerFailure">Another worker does not come to an end.</exception>
    public static async Task<WorkerTurn> TakeAsync(
        IDbContextFactory<ClinicDbContext> contexts, ILogger logger, CancellationToken cancellationToken)
    {
        var turn = new WorkerTurn(await contexts.CreateDbContextAsync(cancellationToken));
        try
        {
            var connection = (NpgsqlConnection)turn._context.Database.GetDbConnection();
            await connection.OpenAsync(cancellationToken);
            await using var attempt = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LockKey})", connection);
            if (await attempt.ExecuteScalarAsync(cancellationToken) is false)
            {
                logger.LogInformation("Another worker is preparing this database; waiting for it to end.");
                await using var wait = new NpgsqlCommand($"SELECT pg_advisory_lock({LockKey})", connection)
                {
                    CommandTimeout = (int)Patience.TotalSeconds,
                };
                await wait.ExecuteNonQueryAsync(cancellationToken);
            }

            return turn;
        }
        catch (NpgsqlException late) when (late.InnerException is TimeoutException)
        {
            await turn.DisposeAsync();
            throw new WorkerFailure($"Another worker has been preparing this database for more than {Patience.TotalMinutes:0} minutes.", late);
        }
        catch
        {
            await turn.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the lock back by hand: a pooled connection goes on living, and its session with it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            var connection = (NpgsqlConnection)_context.Database.GetDbConnection();
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await using var release = new NpgsqlCommand($"SELECT pg_advisory_unlock({LockKey})", connection);
                await release.ExecuteNonQueryAsync();
                await connection.CloseAsync();
            }
        }
        catch (NpgsqlException)
        {
            // The session is gone, so the lock is too.
        }
        finally
        {
            await _context.DisposeAsync();
        }
    }
}
