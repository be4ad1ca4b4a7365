using Clinic.Bench.Reporting;
using Clinic.Bench.Running;
using Npgsql;

namespace Clinic.Bench.Scenarios;

/// <summary>How fast the worker fills an empty database, and how much memory that takes.</summary>
internal static class SeedScenario
{
    public static async Task RunAsync(BenchSettings settings, Report report, CancellationToken cancellationToken)
    {
        await using var clinic = await RunningClinic.StartAsync(new ClinicSize(settings.Doctors, settings.SeedPatients, settings.SeedVisits), cancellationToken);
        var rows = await RowsAsync(clinic, cancellationToken);
        report.Sections.Add(new Section(
            "Seeding",
            $"{settings.SeedPatients:N0} patients and {settings.SeedVisits:N0} visits into an empty database. The time is the worker's whole life: start, schema, planning and writing.")
        {
            Tables = [new Table(
                ["rows", "seconds", "rows/s", "peak memory of the worker, MB"],
                [[
                    Numbers.Whole(rows), Numbers.Ms(clinic.Worker.Time.TotalSeconds), Numbers.Whole(rows / clinic.Worker.Time.TotalSeconds), Numbers.Megabytes(clinic.Worker.PeakMemory),
                ]])],
        });
    }

    private static async Task<long> RowsAsync(RunningClinic clinic, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(clinic.Database);
        await connection.OpenAsync(cancellationToken);
        await using var count = new NpgsqlCommand(
            """
            SELECT (SELECT count(*) FROM clinic.doctors) + (SELECT count(*) FROM clinic.treatments) + (SELECT count(*) FROM clinic.weekly_windows)
                 + (SELECT count(*) FROM clinic.patients) + (SELECT count(*) FROM clinic.appointments) + (SELECT count(*) FROM clinic.audit_trail)
                 + (SELECT count(*) FROM clinic.outbox)
            """,
            connection);
        return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
    }
}
