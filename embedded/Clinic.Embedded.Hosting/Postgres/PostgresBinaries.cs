using Aspire.Hosting;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Processes;
using Clinic.Embedded.Hosting.Storage;
using Microsoft.Extensions.Configuration;

namespace Clinic.Embedded.Hosting.Postgres;

/// <summary>Finds a PostgreSQL on the machine, or downloads one.</summary>
internal sealed class PostgresBinaries(IConfiguration configuration, CommandRunner commands, Downloads downloads)
{
    private const string ConfigurationKey = "Embedded:PostgresBin";
    private const int OldestMajorVersion = 15;

    private static readonly string[] UsualPlaces = OperatingSystem.IsWindows()
        ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL", "*", "bin")]
        :
        [
            "/usr/lib/postgresql/*/bin",
            "/usr/pgsql-*/bin",
            "/opt/homebrew/opt/postgresql@*/bin",
            "/usr/local/opt/postgresql@*/bin",
            "/Applications/Postgres.app/Contents/Versions/*/bin",
        ];

    public async Task<PostgresInstallation> GetAsync(IOutput output, CancellationToken cancellationToken)
    {
        if (configuration[ConfigurationKey] is { Length: > 0 } configured)
        {
            var installation = await PostgresInstallation.FindInAsync(Path.GetFullPath(configured), commands, cancellationToken);
            return installation is { MajorVersion: >= OldestMajorVersion }
                ? installation
                : throw new DistributedApplicationException(
                    $"{ConfigurationKey} is '{configured}', which holds no postgres and initdb of version {OldestMajorVersion} or later.");
        }

        return await FindOnMachineAsync(cancellationToken) ?? await DownloadAsync(output, cancellationToken);
    }

    private async Task<PostgresInstallation?> FindOnMachineAsync(CancellationToken cancellationToken)
    {
        if (Executables.FindOnPath("postgres") is { } onPath
            && await PostgresInstallation.FindInAsync(Path.GetDirectoryName(onPath)!, commands, cancellationToken) is { MajorVersion: >= OldestMajorVersion } first)
        {
            return first;
        }

        PostgresInstallation? newest = null;
        foreach (var folder in UsualPlaces.SelectMany(Expand))
        {
            var found = await PostgresInstallation.FindInAsync(folder, commands, cancellationToken);
            if (found is { MajorVersion: >= OldestMajorVersion } && found.MajorVersion > (newest?.MajorVersion ?? 0))
            {
                newest = found;
            }
        }

        return newest;
    }

    private async Task<PostgresInstallation> DownloadAsync(IOutput output, CancellationToken cancellationToken)
    {
        try
        {
            var folder = await PostgresPackage.GetAsync(downloads, commands, output, cancellationToken);
            return await PostgresInstallation.FindInAsync(folder, commands, cancellationToken)
                ?? throw new DistributedApplicationException($"The PostgreSQL in {folder} does not run on this machine.");
        }
        catch (DistributedApplicationException exception)
        {
            throw new DistributedApplicationException(
                $"there is no PostgreSQL. {exception.Message}\n"
                + "One of these helps:\n"
                + $"  - install PostgreSQL {OldestMajorVersion} or later (with its contrib modules);\n"
                + $"  - name the folder of its programs: --{ConfigurationKey}=/path/to/bin;\n"
                + "  - install Node.js, whose npm fetches one.",
                exception);
        }
    }

    /// <summary>The folders that a path with a <c>*</c> in one of its parts stands for.</summary>
    private static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        var parentEnd = pattern.LastIndexOfAny(['/', '\\'], star);
        var partEnd = pattern.IndexOfAny(['/', '\\'], star);
        var parent = pattern[..parentEnd];

        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, pattern[(parentEnd + 1)..partEnd]).Select(folder => folder + pattern[partEnd..])
            : [];
    }
}
