using Clinic.Embedded.Hosting.Processes;

namespace Clinic.Embedded.Hosting.Postgres;

/// <summary>The programs of one PostgreSQL.</summary>
/// <param name="Postgres">The server.</param>
/// <param name="InitDb">Creates data folders.</param>
/// <param name="MajorVersion">15, 16, …; data folders are of one major version.</param>
internal sealed record PostgresInstallation(string Postgres, string InitDb, int MajorVersion)
{
    /// <returns>Nothing when the folder does not hold both programs, or they do not run.</returns>
    public static async Task<PostgresInstallation?> FindInAsync(string folder, CommandRunner commands, CancellationToken cancellationToken)
    {
        if (Executables.FindIn(folder, "postgres") is not { } postgres || Executables.FindIn(folder, "initdb") is not { } initDb)
        {
            return null;
        }

        try
        {
            // "postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)"
            var version = await commands.RunAsync(
                new ProcessSpec { FileName = postgres, Arguments = ["--version"], WorkingDirectory = folder, Environment = ProcessEnvironment.OfTools() },
                cancellationToken);
            var number = version.Split(") ", 2)[^1];
            return int.TryParse(new string([.. number.TakeWhile(char.IsAsciiDigit)]), out var major) ? new(postgres, initDb, major) : null;
        }
        catch (Aspire.Hosting.DistributedApplicationException)
        {
            return null;
        }
    }
}
