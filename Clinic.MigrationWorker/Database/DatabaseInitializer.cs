using Clinic.Data;
using Clinic.MigrationWorker.Accounts;
using Clinic.MigrationWorker.Configuration;
using Clinic.MigrationWorker.Files;
using Clinic.MigrationWorker.Running;
using Clinic.MigrationWorker.Storage;
using Microsoft.EntityFrameworkCore;

namespace Clinic.MigrationWorker.Database;

/// <summary>
/// All that happens to the database before the API starts. Safe to run again and to run twice at once: the second run
/// waits for the first and finds everything done (R26).
/// </summary>
public sealed class DatabaseInitializer(
    IDbContextFactory<ClinicDbContext> contexts,
    SeedOptions options,
    AccountOptions accounts,
    SeedMetrics metrics,
    TimeProvider clock,
    ILogger<DatabaseInitializer> logger)
{
    /// <exception cref="WorkerFailure">Settings, seed files or the database are not as they must be; says what to change.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => WorkerStep.RunAsync("prepare database", () => PrepareAsync(cancellationToken));

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        // Files and numbers first: broken ones must not cost anybody their database, not even with Seed:Reset.
        var catalog = await WorkerStep.RunAsync("read seed files", () => SeedFolder.ReadAsync(options.Folder, cancellationToken));
        options.CheckAgainst(catalog.Doctors.Count);

        await WorkerStep.RunAsync("wait for postgres", () => new PostgresReadiness(contexts, clock, logger).WaitAsync(cancellationToken));
        await using var turn = await WorkerStep.RunAsync("wait for turn", () => WorkerTurn.TakeAsync(contexts, logger, cancellationToken));

        var schema = new ClinicSchema(contexts, clock, logger);
        var seeder = new ClinicSeeder(contexts, options, catalog, metrics, clock, logger);
        await WorkerStep.RunAsync("migrate schema", () => schema.MigrateAsync(cancellationToken));
        await WorkerStep.RunAsync("seed", () => seeder.SeedAsync(cancellationToken));
        await WorkerStep.RunAsync("accounts", () => new AccountSeeder(contexts, accounts, clock, logger).SeedAsync(cancellationToken));
    }
}
