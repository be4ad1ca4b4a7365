namespace Clinic.Embedded.Hosting.Storage;

/// <summary>
/// Holds a file so that no other process can hold it. The operating system lets go of it when the process ends,
/// in whatever way it ends.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <returns>Nothing when somebody else holds the file.</returns>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Waits for its turn. Other processes give no signal when they let go, hence the interval.</summary>
    public static async Task<FileLock> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RetryInterval);
        FileLock? held;

        while ((held = TryAcquire(path)) is null)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return held;
    }

    public void Dispose() => _file.Dispose();
}
