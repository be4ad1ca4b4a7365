namespace Clinic.Embedded.Hosting.Processes;

/// <summary>Finds programs.</summary>
internal static class Executables
{
    private static readonly string[] Extensions = OperatingSystem.IsWindows() ? [".exe", ".cmd", ""] : [""];

    /// <summary>The <c>dotnet</c> that runs this very process.</summary>
    public static string Dotnet { get; } = FindDotnet();

    public static string? FindOnPath(string name) => Find(name, (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));

    public static string? FindIn(string folder, string name) => Find(name, [folder]);

    private static string? Find(string name, IEnumerable<string> folders) => folders
        .Where(folder => folder.Length > 0)
        .SelectMany(folder => Extensions.Select(extension => Path.Combine(folder, name + extension)))
        .FirstOrDefault(IsExecutable);

    private static bool IsExecutable(string path)
    {
        try
        {
            return File.Exists(path)
                && (OperatingSystem.IsWindows()
                    || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
        }
        catch (FileNotFoundException)
        {
            // A link that leads nowhere "exists", too: of a program that was uninstalled.
            return false;
        }
    }

    private static string FindDotnet()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var runtime = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory();
        var root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        return FindIn(root, "dotnet") ?? FindOnPath("dotnet") ?? "dotnet";
    }
}
