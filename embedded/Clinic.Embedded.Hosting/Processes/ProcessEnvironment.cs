using System.Collections;

namespace Clinic.Embedded.Hosting.Processes;

/// <summary>The environments that processes start from: this process's own, without what was meant for it alone.</summary>
internal static class ProcessEnvironment
{
    private static readonly string[] OfAppHostAlone =
        ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "DOTNET_LAUNCH_PROFILE", "DOTNET_STARTUP_HOOKS", "URLS"];

    // MSBuild and the test runner tell their children where they themselves are.
    private static readonly string[] PrefixesOfAppHostAlone =
        ["ASPIRE_", "DOTNET_CLI_", "DOTNET_DASHBOARD_", "MSBUILD", "OTEL_", "TESTINGPLATFORM_", "VSTEST_", "XUNIT_"];

    private static readonly StringComparer Comparer =
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>For the application's own processes.</summary>
    public static Dictionary<string, string> OfProjects() => Inherited().ToDictionary(Comparer);

    /// <summary>For servers and helpers: with messages in plain English, which is what is looked for in them.</summary>
    public static Dictionary<string, string> OfTools() => new(Inherited(), Comparer)
    {
        ["LC_MESSAGES"] = "C",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["DOTNET_NOLOGO"] = "1",
    };

    private static IEnumerable<KeyValuePair<string, string>> Inherited() =>
        Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? ""))
            .Where(variable => !IsOfAppHostAlone(variable.Key));

    private static bool IsOfAppHostAlone(string name) =>
        OfAppHostAlone.Contains(name, StringComparer.OrdinalIgnoreCase)
        || PrefixesOfAppHostAlone.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
