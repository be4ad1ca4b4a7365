using Clinic.Data.Seeding;
using Clinic.MigrationWorker.Configuration;
using Clinic.MigrationWorker.Files;
using Clinic.MigrationWorker.Generation;

namespace Clinic.MigrationWorker.Storage;

/// <summary>The row of <c>seed_history</c>: that the clinic was seeded, with what, and what was asked for.</summary>
internal sealed class SeedNote(SeedOptions options, SeedCatalog catalog)
{
    public const string Step = "clinic";

    /// <summary>The settings and files that decide what is seeded; one and the same text for the same wish.</summary>
    public string Asked { get; } =
        $"Seed:Doctors={options.Doctors ?? catalog.Doctors.Count} Seed:Patients={options.Patients} "
        + $"Seed:AppointmentsPerDoctor={options.AppointmentsPerDoctor} files {catalog.Fingerprint}";

    public SeedRun Of(GeneratedClinic clinic, DateTimeOffset doneAt) => new()
    {
        Step = Step,
        DoneAt = doneAt,
        Summary = $"{clinic.Doctors.Count} doctors, {clinic.Doctors.Sum(d => d.Treatments.Count)} treatments, "
            + $"{clinic.Doctors.Sum(d => d.Windows.Count)} windows, {clinic.Patients.Count} patients, {clinic.Visits.Count} visits ({Asked})",
    };

    public bool Matches(SeedRun earlier) => earlier.Summary.EndsWith($"({Asked})", StringComparison.Ordinal);
}
