using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Processes;
using Clinic.Embedded.Hosting.Storage;

namespace Clinic.Embedded.Hosting.Postgres;

/// <summary>
/// The data folders of the servers: kept ones, held by this AppHost alone, and thrown-away ones, deleted at the end.
/// A folder lives as long as the application, also when its server is stopped and started.
/// </summary>
internal sealed class PostgresDataFolder(EmbeddedSettings settings, CommandRunner commands, ProcessSpawner spawner) : IDisposable
{
    private readonly Dictionary<PostgresServerResource, string> _ready = [];
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly List<FileLock> _locks = [];
    private readonly List<string> _thrownAway = [];

    /// <summary>Creates and initialises the folder, or makes sure that what is there can be used.</summary>
    public async Task<string> GetAsync(
        PostgresServerResource server, PostgresInstallation installation, IOutput output, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (!_ready.TryGetValue(server, out var data))
            {
                _ready[server] = data = PostgresVolume.Of(server, settings) is { } volume
                    ? await OpenAsync(volume, server, installation, output, cancellationToken)
                    : await CreateThrowAwayAsync(server, installation, cancellationToken);
            }

            return data;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        foreach (var folder in _thrownAway.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        _locks.ForEach(held => held.Dispose());
        _oneAtATime.Dispose();
    }

    private async Task<string> CreateThrowAwayAsync(PostgresServerResource server, PostgresInstallation installation, CancellationToken cancellationToken)
    {
        var folder = UserFolders.CreateThrowAway(server.Name);
        _thrownAway.Add(folder);
        spawner.DeleteAtEnd(folder);
        if (UnprivilegedUser.OwnsItsFiles)
        {
            await UnprivilegedUser.GiveAsync(folder, commands, cancellationToken);
        }

        var data = Path.Combine(folder, "data");
        await InitialiseAsync(data, server, installation, cancellationToken);
        return data;
    }

    private async Task<string> OpenAsync(
        PostgresVolume volume, PostgresServerResource server, PostgresInstallation installation, IOutput output, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(volume.Folder);
        Hold(volume);

        if (Directory.Exists(volume.Data))
        {
            CheckVersion(volume, installation);
            await PostmasterFile.AwaitEndOfPreviousAsync(volume.Data, output, cancellationToken);
        }
        else
        {
            await InitialiseAsync(volume.Data, server, installation, cancellationToken);
        }

        output.Tell($"keeps its data in {volume.Folder}");
        return volume.Data;
    }

    private void Hold(PostgresVolume volume)
    {
        if (FileLock.TryAcquire(volume.LockFile) is not { } held)
        {
            var owner = File.Exists(volume.OwnerFile) ? File.ReadAllText(volume.OwnerFile).Trim() : "another process";
            throw new DistributedApplicationException(
                $"its data in {volume.Folder} is in use by {owner}. Stop that one first, or give this one a place of its own: --Embedded:DataFolder=/path");
        }

        _locks.Add(held);
        File.WriteAllText(volume.OwnerFile, $"{settings.AppHostName}, process {Environment.ProcessId}\n");
    }

    private static void CheckVersion(PostgresVolume volume, PostgresInstallation installation)
    {
        var versionFile = Path.Combine(volume.Data, "PG_VERSION");
        var version = File.Exists(versionFile) ? File.ReadAllText(versionFile).Trim() : "an unknown version";

        if (version != $"{installation.MajorVersion}")
        {
            throw new DistributedApplicationException(
                $"its data in {volume.Folder} is of PostgreSQL {version}, and {installation.Postgres} is version {installation.MajorVersion}. "
                + $"Name the programs of version {version} (--Embedded:PostgresBin=/path/to/bin), or delete the folder to start with empty data.");
        }
    }

    /// <summary>Initialises beside the place and renames, so that what is in place is whole.</summary>
    private async Task InitialiseAsync(string data, PostgresServerResource server, PostgresInstallation installation, CancellationToken cancellationToken)
    {
        var unfinished = data + ".part";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Directory.CreateDirectory(unfinished);
        var passwordFile = Path.Combine(Path.GetDirectoryName(data)!, "initdb-password");

        try
        {
            await WritePrivateAsync(passwordFile, server.Password, cancellationToken);
            if (UnprivilegedUser.OwnsItsFiles)
            {
                await UnprivilegedUser.GiveAsync(unfinished, commands, cancellationToken);
                await UnprivilegedUser.GiveAsync(passwordFile, commands, cancellationToken);
            }

            await commands.RunAsync(
                new ProcessSpec
                {
                    FileName = installation.InitDb,
                    Arguments =
                    [
                        "-D", unfinished, "--auth=scram-sha-256", $"--username={server.UserName}", $"--pwfile={passwordFile}",
                        "-E", "UTF8", OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--locale=C", "--no-sync",
                    ],
                    WorkingDirectory = Path.GetPathRoot(data)!,
                    Environment = ProcessEnvironment.OfTools(),
                    Wrapper = UnprivilegedUser.Wrapper,
                },
                cancellationToken);

            Directory.Move(unfinished, data);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private static async Task WritePrivateAsync(string path, string content, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(content.AsMemory(), cancellationToken);
    }
}
