using Clinic.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Clinic.MigrationWorker.Database;

/// <summary>The schema as a whole: brought up to date by migrations, or dropped.</summary>
internal sealed class ClinicSchema(IDbContextFactory<ClinicDbContext> contexts, TimeProvider clock, ILogger logger)
{
    /// <summary>Drops every table of the clinic with all it holds; the extensions, which others may use, stay.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Database.ExecuteSqlRawAsync($"DROP SCHEMA IF EXISTS {ClinicDbContext.Schema} CASCADE", cancellationToken);
        logger.LogWarning("Seed:Reset: dropped schema {Schema} with all it held", ClinicDbContext.Schema);
    }

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
