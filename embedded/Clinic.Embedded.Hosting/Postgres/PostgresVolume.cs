using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Storage;

namespace Clinic.Embedded.Hosting.Postgres;

/// <summary>A folder of the user that keeps a server's data and its password between runs.</summary>
internal sealed class PostgresVolume(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Folder => folder;

    public string Data => Path.Combine(folder, "data");

    public string LockFile => Path.Combine(folder, "lock");

    /// <summary>Says who holds the lock, for people.</summary>
    public string OwnerFile => Path.Combine(folder, "owner");

    private string PasswordFile => Path.Combine(folder, "password");

    /// <returns>Nothing when the server's data is thrown away, as it always is under a test.</returns>
    public static PostgresVolume? Of(PostgresServerResource server, EmbeddedSettings settings) =>
        !settings.IsTest && server.Annotations.OfType<DataVolumeAnnotation>().LastOrDefault() is { } volume
            ? new(Path.Combine(settings.Folders.DataOf(settings.AppHostName, settings.AppHostDirectory), volume.Name))
            : null;

    public string ReadOrCreatePassword()
    {
        Directory.CreateDirectory(folder);

        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using var writer = new StreamWriter(PasswordFile, options);
            var password = ParameterResourceBuilderExtensions.NewPassword();
            writer.Write(password);
            return password;
        }
        catch (IOException) when (File.Exists(PasswordFile))
        {
            return File.ReadAllText(PasswordFile).Trim();
        }
    }
}
