using Clinic.Embedded.Hosting.Orchestration;

namespace Clinic.Embedded.Hosting.Storage;

/// <summary>
/// Keeps downloads in the user's cache. A download is made in a folder beside its place and renamed when it is whole and
/// checked, under a lock: what is in place is complete, and several AppHosts at once download once.
/// </summary>
internal sealed class Downloads(EmbeddedSettings settings)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(3);

    /// <summary>Whether it is there already.</summary>
    public bool Has(string name) => Directory.Exists(Path.Combine(settings.Folders.Cache, name));

    /// <param name="name">The folder in the cache, with the version in it.</param>
    /// <param name="description">What is downloaded, for the console: "PostgreSQL 18.4 (24 MB)".</param>
    /// <param name="output">The console of the resource that needs it.</param>
    /// <param name="download">Fills an empty folder and checks what it got.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The folder with the download.</returns>
    public async Task<string> GetAsync(
        string name, string description, IOutput output, Func<string, CancellationToken, Task> download, CancellationToken cancellationToken)
    {
        var place = Path.Combine(settings.Folders.Cache, name);
        if (Directory.Exists(place))
        {
            return place;
        }

        Directory.CreateDirectory(settings.Folders.Cache);
        using var turn = await FileLock.AcquireAsync(place + ".lock", cancellationToken);
        if (Directory.Exists(place))
        {
            return place;
        }

        var unfinished = place + ".part";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Directory.CreateDirectory(unfinished);
        output.Tell($"is downloading {description}, once for this user");

        using (var finished = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            var progress = TellProgressAsync(unfinished, output, finished.Token);
            try
            {
                await download(unfinished, cancellationToken);
            }
            finally
            {
                await finished.CancelAsync();
                await progress;
            }
        }

        Directory.Move(unfinished, place);
        output.Tell($"has downloaded it to {place}");
        return place;
    }

    private static async Task TellProgressAsync(string folder, IOutput output, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ProgressInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                output.Tell($"is at it: {SizeOf(folder) / 1_000_000} MB on disk so far");
            }
        }
        catch (OperationCanceledException)
        {
            // The download has ended.
        }
    }

    private static long SizeOf(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        long size = 0;

        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", options))
        {
            try
            {
                size += file.Length;
            }
            catch (FileNotFoundException)
            {
                // Installers come and go with their own temporary files.
            }
        }

        return size;
    }
}
