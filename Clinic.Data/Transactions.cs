using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clinic.Data;

/// <summary>Units of work that are retried as a whole.</summary>
public static class Transactions
{
    /// <summary>
    /// Runs <paramref name="work"/> in one transaction and commits it. When a passing fault of the database ends an
    /// attempt, the whole unit runs again on a fresh context. <paramref name="work"/> gets the number of the attempt, from
    /// 1: in a later one the commit of an earlier one may have gone through unseen, which is for the work to find out.
    /// </summary>
    public static async Task<T> InTransactionAsync<T>(
        this IDbContextFactory<ClinicDbContext> databases,
        Func<ClinicDbContext, int, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken,
        IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        await using var strategist = await databases.CreateDbContextAsync(cancellationToken);
        var attempt = 0;
        return await strategist.Database.CreateExecutionStrategy().ExecuteAsync(
            async ct =>
            {
                attempt++;
                await using var db = await databases.CreateDbContextAsync(ct);
                // Savepoints would cost a round trip each; nothing here goes on after a failed save.
                db.Database.AutoSavepointsEnabled = false;
                await using var transaction = await db.Database.BeginTransactionAsync(isolation, ct);
                var result = await work(db, attempt, ct);
                if (db.Database.CurrentTransaction is not null)
                {
                    // Not to be cancelled: whoever went away in the middle of a commit could not tell how it ended.
                    await transaction.CommitAsync(CancellationToken.None);
                }

                return result;
            },
            cancellationToken);
    }

    /// <summary>
    /// Runs <paramref name="work"/> on an open connection and retries it as a whole likewise. For what is sent by hand: on the
    /// paths that are taken all the time Entity Framework's own part costs more than Postgres's.
    /// </summary>
    public static async Task<T> OnConnectionAsync<T>(
        this IDbContextFactory<ClinicDbContext> databases, Func<NpgsqlConnection, int, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var attempt = 0;
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(
            async ct =>
            {
                attempt++;
                var connection = (NpgsqlConnection)db.Database.GetDbConnection();
                await connection.OpenAsync(ct);
                try
                {
                    return await work(connection, attempt, ct);
                }
                finally
                {
                    await connection.CloseAsync();
                }
            },
            cancellationToken);
    }

    /// <summary>
    /// Runs a batch as the last thing of the connection's transaction and commits in the same round trip. Where a command
    /// fails nothing after it is done, the commit included.
    /// </summary>
    /// <remarks>Not to be cancelled: whoever went away in the middle of a commit could not tell how it ended.</remarks>
    public static async Task CommitAsync(this NpgsqlBatch batch)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
