namespace Clinic.Tests.Embedded;

/// <summary>An empty folder for the data of one test's AppHosts, deleted at the end.</summary>
internal sealed class DataFolder : IDisposable
{
    // Not a private one: where the server runs as another user, that user must get in.
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"clinic-data-{Guid.NewGuid():N}")).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
