using Aspire.Hosting;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Processes;
using Clinic.Embedded.Hosting.Storage;

namespace Clinic.Embedded.Hosting.Redis;

/// <summary>Garnet, which speaks the Redis protocol and runs on .NET: the tool package <c>garnet-server</c>.</summary>
internal sealed class GarnetServer(string assembly) : IRedisServer
{
    private const string Version = "2.2.5";
    private const string AssemblyName = "GarnetServer.dll";

    public static async Task<GarnetServer> GetAsync(Downloads downloads, CommandRunner commands, IOutput output, CancellationToken cancellationToken)
    {
        var folder = await downloads.GetAsync(
            $"garnet-{Version}",
            $"Garnet {Version} (114 MB, with dotnet tool), since no Redis is installed",
            output,
            (place, token) => DownloadAsync(place, commands, token),
            cancellationToken);

        return new GarnetServer(AssemblyIn(folder)!);
    }

    public ProcessSpec Command(int port, string password, string folder)
    {
        // The defaults are those of a big server.
        var environment = ProcessEnvironment.OfTools();
        environment["DOTNET_gcServer"] = "0";
        environment["DOTNET_GCHeapHardLimit"] = "0x10000000";

        return new ProcessSpec
        {
            FileName = Executables.Dotnet,
            Arguments =
            [
                assembly, "--port", $"{port}", "--bind", "127.0.0.1", "--memory", "64m", "--page", "1m", "--index", "1m", "--lua", "-q",
                "--auth", "Password", "--password", password,
            ],
            WorkingDirectory = folder,
            Environment = environment,
        };
    }

    private static async Task DownloadAsync(string folder, CommandRunner commands, CancellationToken cancellationToken)
    {
        await commands.RunAsync(
            new ProcessSpec
            {
                FileName = Executables.Dotnet,
                Arguments = ["tool", "install", "garnet-server", "--version", Version, "--tool-path", folder],
                WorkingDirectory = folder,
                Environment = ProcessEnvironment.OfTools(),
            },
            cancellationToken);

        if (AssemblyIn(folder) is null)
        {
            throw new DistributedApplicationException($"The tool garnet-server {Version} has no {AssemblyName} for this .NET.");
        }
    }

    /// <summary>…/tools/net10.0/any/GarnetServer.dll, wherever the tool's store has it.</summary>
    private static string? AssemblyIn(string folder) =>
        Directory.EnumerateFiles(folder, AssemblyName, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .FirstOrDefault(file => Path.GetDirectoryName(file)!.EndsWith(Path.Combine($"net{Environment.Version.Major}.0", "any"), StringComparison.Ordinal));
}
