using Microsoft.EntityFrameworkCore;

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
        CancellationToken cancellationToken)
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
                await using var transaction = await db.Database.BeginTransactionAsync(ct);
                var result = await work(db, attempt, ct);
                // Not to be cancelled: whoever went away in the middle of a commit could not tell how it ended.
                await transaction.CommitAsync(CancellationToken.None);
                return result;
            },
            cancellationToken);
    }
}
