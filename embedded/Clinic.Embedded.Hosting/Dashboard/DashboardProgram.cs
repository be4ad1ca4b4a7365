using System.Runtime.InteropServices;
using Aspire.Hosting;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Processes;
using Clinic.Embedded.Hosting.Storage;
using Microsoft.Extensions.Configuration;

namespace Clinic.Embedded.Hosting.Dashboard;

/// <summary>
/// Finds the dashboard's program, which comes packed inside the Aspire CLI: the one named in the configuration, the <c>aspire</c> on the PATH, or
/// the npm package <c>@microsoft/aspire-cli-{platform}</c>. It is unpacked once into the user's cache, and nothing else of the CLI is kept.
/// </summary>
internal sealed class DashboardProgram(IConfiguration configuration, CommandRunner commands, Downloads downloads)
{
    private const string ConfigurationKey = "Embedded:AspireCli";
    private const string Version = "13.5.4";
    private const string ManagedFolder = "managed";
    private const string ProgramName = "aspire-managed";

    private static string Platform { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
        + "-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <returns>The path of the program.</returns>
    /// <exception cref="DistributedApplicationException">There is none, why, and what would help.</exception>
    public async Task<string> GetAsync(IOutput output, CancellationToken cancellationToken)
    {
        if (configuration[ConfigurationKey] is { Length: > 0 } configured)
        {
            return await FromCliAsync(Path.GetFullPath(configured), output, cancellationToken);
        }

        if (Executables.FindOnPath("aspire") is { } installed)
        {
            try
            {
                return await FromCliAsync(installed, output, cancellationToken);
            }
            catch (DistributedApplicationException)
            {
                // Not every version of the CLI carries the dashboard; one that is known to do can be fetched.
            }
        }

        try
        {
            if (!downloads.Has(Name(Version)) && Executables.FindOnPath("npm") is null)
            {
                throw new DistributedApplicationException("there is neither the Aspire CLI nor npm, which could fetch it.");
            }

            return In(await downloads.GetAsync(
                Name(Version), $"version {Version} (127 MB, with npm)", output, DownloadAsync, cancellationToken));
        }
        catch (DistributedApplicationException exception)
        {
            throw new DistributedApplicationException(
                $"{exception.Message} Install the Aspire CLI, so that aspire is on the PATH, or Node.js, whose npm fetches it.", exception);
        }
    }

    private static string Name(string version) => $"aspire-dashboard-{version}-{Platform}";

    private static string In(string folder) => Executables.FindIn(Path.Combine(folder, ManagedFolder), ProgramName)
        ?? throw new DistributedApplicationException($"{folder} is incomplete; delete it.");

    private async Task<string> FromCliAsync(string cli, IOutput output, CancellationToken cancellationToken)
    {
        var version = await VersionOfAsync(cli, cancellationToken);
        return In(await downloads.GetAsync(
            Name(version), $"version {version}, out of the Aspire CLI", output, (place, token) => UnpackAsync(cli, place, token), cancellationToken));
    }

    private async Task<string> VersionOfAsync(string cli, CancellationToken cancellationToken)
    {
        var scratch = Directory.CreateTempSubdirectory("aspire-cli-").FullName;

        try
        {
            var answer = await commands.RunAsync(Cli(cli, scratch, "--version", "--nologo"), cancellationToken);

            // 13.5.4+{commit}
            var version = answer.Trim().Split('\n')[^1].Split('+')[0];
            return System.Version.TryParse(version.Split('-')[0], out _)
                ? version
                : throw new DistributedApplicationException($"{cli} is no Aspire CLI.");
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private async Task DownloadAsync(string folder, CancellationToken cancellationToken)
    {
        var npm = Executables.FindOnPath("npm")!;
        var package = Path.Combine(folder, "package");
        Directory.CreateDirectory(package);

        await commands.RunAsync(
            new ProcessSpec
            {
                FileName = npm,
                Arguments =
                [
                    "install", "--prefix", package, "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts",
                    $"@microsoft/aspire-cli-{Platform}@{Version}",
                ],
                WorkingDirectory = folder,
                Environment = ProcessEnvironment.OfTools(),
            },
            cancellationToken);

        var bin = Path.Combine(package, "node_modules", "@microsoft", $"aspire-cli-{Platform}", "bin");
        var cli = Executables.FindIn(bin, "aspire") ?? throw new DistributedApplicationException($"The package aspire-cli-{Platform} has no program.");
        await UnpackAsync(cli, folder, cancellationToken);
        Directory.Delete(package, recursive: true);
    }

    /// <summary>Has the CLI unpack what it carries, and keeps the folder of the dashboard.</summary>
    private async Task UnpackAsync(string cli, string folder, CancellationToken cancellationToken)
    {
        var bundle = Path.Combine(folder, "bundle");
        await commands.RunAsync(Cli(cli, bundle, "setup", "--install-path", bundle, "--nologo", "--non-interactive"), cancellationToken);

        var versions = Path.Combine(bundle, "versions");
        var managed = Directory.Exists(versions)
            ? Directory.EnumerateDirectories(versions).Select(version => Path.Combine(version, ManagedFolder)).FirstOrDefault(Directory.Exists)
            : null;
        if (managed is null)
        {
            throw new DistributedApplicationException($"{cli} carries no dashboard.");
        }

        Directory.Move(managed, Path.Combine(folder, ManagedFolder));
        Directory.Delete(bundle, recursive: true);
        _ = In(folder);
    }

    /// <param name="cli">The Aspire CLI.</param>
    /// <param name="home">Takes the CLI's logs and caches, which are not wanted in the user's home.</param>
    /// <param name="arguments">The command.</param>
    private static ProcessSpec Cli(string cli, string home, params string[] arguments)
    {
        Directory.CreateDirectory(home);
        var environment = ProcessEnvironment.OfTools();
        environment["ASPIRE_HOME"] = home;
        environment["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true";

        return new() { FileName = cli, Arguments = arguments, WorkingDirectory = home, Environment = environment };
    }
}
