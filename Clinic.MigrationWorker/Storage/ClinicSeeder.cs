using Clinic.Data;
using Clinic.Data.Seeding;
using Clinic.MigrationWorker.Configuration;
using Clinic.MigrationWorker.Files;
using Clinic.MigrationWorker.Generation;
using Clinic.MigrationWorker.Running;
using Clinic.ServiceDefaults.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace Clinic.MigrationWorker.Storage;

/// <summary>
/// Fills a clinic that was never seeded: files, patients and visits in one transaction with the note that it was done.
/// A crash leaves all of it or nothing; a seeded clinic is left as it is, or with <c>Seed:Reset</c> emptied in that same
/// transaction.
/// </summary>
internal sealed class ClinicSeeder(
    IDbContextFactory<ClinicDbContext> contexts,
    SeedOptions options,
    SeedCatalog catalog,
    SeedMetrics metrics,
    TimeProvider clock,
    ILogger logger)
{
    private readonly SeedNote _note = new(options, catalog);
    private readonly long _started = clock.GetTimestamp();

    /// <summary>Generates and stores, unless the clinic was seeded before.</summary>
    /// <exception cref="WorkerFailure">There is no room for so many visits.</exception>
    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        if (!options.Reset && await EarlierRunAsync(cancellationToken) is { } earlier)
        {
            Skip(earlier);
            return;
        }

        var clinic = Generate();
        await StoreAsync(clinic, cancellationToken);
        logger.LogInformation(
            "Seeded {Doctors} doctors, {Treatments} treatments, {Windows} windows, {Patients} patients, {Visits} visits in {Seconds:0.0} s",
            clinic.Doctors.Count,
            clinic.Doctors.Sum(d => d.Treatments.Count),
            clinic.Doctors.Sum(d => d.Windows.Count),
            clinic.Patients.Count,
            clinic.Visits.Count,
            clock.GetElapsedTime(_started).TotalSeconds);
    }

    private async Task<SeedRun?> EarlierRunAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.SeedHistory.AsNoTracking().SingleOrDefaultAsync(r => r.Step == SeedNote.Step, cancellationToken);
    }

    private void Skip(SeedRun earlier)
    {
        logger.LogInformation("Already seeded at {DoneAt:u}: {Summary}. Nothing to do.", earlier.DoneAt, earlier.Summary);
        if (!_note.Matches(earlier))
        {
            logger.LogWarning(
                "The seed settings or files differ from that run ({Asked}). They have no effect without Seed:Reset=true, which drops all that the clinic holds.",
                _note.Asked);
        }
    }

    private GeneratedClinic Generate()
    {
        using var span = ClinicTelemetry.Activities.StartActivity("generate clinic");

        // Postgres keeps microseconds, the records whole seconds.
        var now = clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));

        var doctors = DoctorRoster.Of(options.Doctors ?? catalog.Doctors.Count, catalog.Doctors);
        var clinic = GeneratedClinic.Of(doctors, options.Patients, options.AppointmentsPerDoctor, now);
        if (options.Patients == 0 && options.AppointmentsPerDoctor > 0)
        {
            logger.LogInformation("Seed:Patients is 0, so there are no visits");
        }

        return clinic;
    }

    private Task StoreAsync(GeneratedClinic clinic, CancellationToken cancellationToken)
    {
        var doneAt = clock.GetStorableNow();
        return contexts.InTransactionAsync(
            async (context, attempt, cancellation) =>
            {
                // Where the answer to a commit was lost, the retry finds the note and ends. A reset passes over the notes of others.
                var mayBeOurs = attempt > 1 || !options.Reset;
                if (mayBeOurs && await context.SeedHistory.AnyAsync(
                    r => r.Step == SeedNote.Step && (!options.Reset || r.DoneAt == doneAt), cancellation))
                {
                    return false;
                }

                if (options.Reset)
                {
                    await ClinicReset.EmptyAsync(context, cancellation);
                    logger.LogWarning("Seed:Reset: dropping all that the clinic holds");
                }

                // The note comes first: should another worker be here in spite of the lock, its key stops one of the two.
                context.SeedHistory.Add(_note.Of(clinic, doneAt));
                await context.SaveChangesAsync(cancellation);
                await new ClinicWriter(context, metrics).WriteAsync(clinic, cancellation);
                return true;
            },
            cancellationToken);
    }
}
