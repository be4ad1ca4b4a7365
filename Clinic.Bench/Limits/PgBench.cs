using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Clinic.Bench.Limits;

/// <summary>What Postgres does with bare bookings when nothing but Postgres's own load generator asks for them.</summary>
internal static partial class PgBench
{
    public const string OneCall = "SELECT bench.book(md5('v' || :v)::uuid, md5('doctor' || :d)::uuid, md5('patient' || :p)::uuid, timestamptz '2100-01-01' + :n * interval '30 minutes');";

    public const string Statements =
        """
        BEGIN;
        SELECT 1 FROM bench.doctors WHERE id = md5('doctor' || :d)::uuid FOR NO KEY UPDATE;
        SELECT 1 FROM bench.visits WHERE doctor_id = md5('doctor' || :d)::uuid AND starts_at < timestamptz '2100-01-01' + (:n + 1) * interval '30 minutes' AND ends_at > timestamptz '2100-01-01' + :n * interval '30 minutes' AND starts_at > timestamptz '2099-12-31' + :n * interval '30 minutes' AND status <> 'cancelled';
        INSERT INTO bench.visits VALUES (md5('v' || :v)::uuid, md5('doctor' || :d)::uuid, md5('patient' || :p)::uuid, timestamptz '2100-01-01' + :n * interval '30 minutes', timestamptz '2100-01-01' + (:n + 1) * interval '30 minutes', 'scheduled', now());
        INSERT INTO bench.audit (visit_id, at, actor, action, to_status) VALUES (md5('v' || :v)::uuid, now(), 'bench', 'book', 'scheduled');
        INSERT INTO bench.outbox VALUES (gen_random_uuid(), md5('v' || :v)::uuid, 'booked', 0, now(), now()), (gen_random_uuid(), md5('v' || :v)::uuid, 'reminder', 0, now(), now());
        COMMIT;
        """;

    // So many half-hours that two bookings of a run practically never want the same.
    private const string Variables =
        """
        \set v random(0, 9000000000000000000)
        \set n random(0, 1000000000)
        \set d random(0, 49)
        \set p random(0, 1999)

        """;

    public static bool IsInstalled => Find() is not null;

    /// <returns>Transactions per second.</returns>
    public static async Task<double> RunAsync(string database, string script, int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        var server = new NpgsqlConnectionStringBuilder(database);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Variables + script + "\n", cancellationToken);
            var start = new ProcessStartInfo(Find()!)
            {
                ArgumentList =
                {
                    "--no-vacuum", "--protocol=prepared", $"--client={connections}", "--jobs=2", $"--time={Math.Max(1, Math.Round(duration.TotalSeconds)):0}", $"--file={file}",
                    $"--host={server.Host}", $"--port={server.Port}", $"--username={server.Username}", server.Database!,
                },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["PGPASSWORD"] = server.Password;
            using var process = Process.Start(start)!;
            using var kill = cancellationToken.Register(process.Kill);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return Tps().Match(output) is { Success: true } tps && process.ExitCode == 0
                ? double.Parse(tps.Groups[1].Value, CultureInfo.InvariantCulture)
                : throw new Running.BenchFailure($"pgbench failed: {await errors}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "pgbench.exe" : "pgbench"))
        .FirstOrDefault(File.Exists);

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Tps();
}
