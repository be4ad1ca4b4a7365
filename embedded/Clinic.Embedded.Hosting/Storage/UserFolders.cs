using System.Security.Cryptography;
using System.Text;
using Clinic.Embedded.Hosting.Processes;
using Microsoft.Extensions.Configuration;

namespace Clinic.Embedded.Hosting.Storage;

/// <summary>
/// The folders of the user: data that is kept, and downloads. <c>Embedded:DataFolder</c> and <c>Embedded:CacheFolder</c> move them.
/// </summary>
internal sealed class UserFolders(IConfiguration configuration)
{
    private const string Product = "clinic-embedded";

    /// <summary>Where downloads are kept; shared by all AppHosts of the user.</summary>
    public string Cache => configuration["Embedded:CacheFolder"] is { Length: > 0 } folder
        ? Path.GetFullPath(folder)
        : Path.Combine(CacheRoot(), Product);

    /// <summary>Where this AppHost keeps its data; two clones of a repository have one each.</summary>
    public string DataOf(string appHostName, string appHostDirectory)
    {
        var root = configuration["Embedded:DataFolder"] is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(DataRoot(), Product);

        var place = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(appHostDirectory)))[..8];
        return Path.Combine(root, $"{appHostName.ToLowerInvariant()}-{place}");
    }

    /// <summary>A new folder that only this user can enter, for data that is thrown away.</summary>
    public static string CreateThrowAway(string name) => Directory.CreateTempSubdirectory($"{Product}-{name}-").FullName;

    private static string DataRoot() => UnprivilegedUser.OwnsItsFiles
        ? "/var/lib"
        : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);

    private static string CacheRoot()
    {
        if (UnprivilegedUser.OwnsItsFiles)
        {
            return "/var/cache";
        }

        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache)
        {
            return cache;
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches") : Path.Combine(home, ".cache");
    }
}
