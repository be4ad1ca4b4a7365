using Clinic.Data;
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
    TimeProvider clock,
    ILogger<DatabaseInitializer> logger)
{
    /// <exception cref="WorkerFailure">Settings, seed files or the database are not as they must be; says what to change.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Files and numbers first: broken ones must not cost anybody their database, not even with Seed:Reset.
        var catalog = await SeedFolder.ReadAsync(options.Folder, cancellationToken);
        options.CheckAgainst(catalog.Doctors.Count);

        await new PostgresReadiness(contexts, clock, logger).WaitAsync(cancellationToken);
        await using var turn = await WorkerTurn.TakeAsync(contexts, logger, cancellationToken);

        var schema = new ClinicSchema(contexts, clock, logger);
        var seeder = new ClinicSeeder(contexts, options, catalog, clock, logger);
        if (options.Reset)
        {
            // Nothing is dropped for a clinic that cannot be made.
            seeder.Plan();
            await schema.DropAsync(cancellationToken);
        }

        await schema.MigrateAsync(cancellationToken);
        await seeder.SeedAsync(cancellationToken);
    }
}
