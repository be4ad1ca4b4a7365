using Clinic.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Clinic.MigrationWorker.Database;

/// <summary>The schema as a whole, brought up to date by migrations.</summary>
internal sealed class ClinicSchema(IDbContextFactory<ClinicDbContext> contexts, TimeProvider clock, ILogger logger)
{
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await EnsureHistoryAsync(context, cancellationToken);
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
        if (pending == 0)
        {
            logger.LogInformation("The schema is up to date");
            return;
        }

        await context.Database.MigrateAsync(cancellationToken);
        logger.LogInformation(
            "Applied {Migrations} migration(s) in {Seconds:0.0} s", pending, clock.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>EF looks for its history by reading it, which the server would log as an error at every first start.</summary>
    private static Task EnsureHistoryAsync(ClinicDbContext context, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlRawAsync(context.GetService<IHistoryRepository>().GetCreateIfNotExistsScript(), cancellationToken);
}
