using System.Reflection;
using Clinic.Embedded.Hosting.Projects;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>What the build wrote into the AppHost's assembly, and its launch profile.</summary>
internal static class AppHostMetadata
{
    private const string ProjectDirectoryKey = "apphostprojectpath";

    public static string? ProjectDirectory(Assembly? assembly)
    {
        var directory = assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == ProjectDirectoryKey)?.Value;
        return Directory.Exists(directory) ? directory : null;
    }

    /// <summary>
    /// The environment that <c>dotnet run</c> would give the AppHost, as configuration: a test runs the AppHost
    /// in its own process, whose environment is not to be changed.
    /// </summary>
    public static ConfigurationManager LaunchProfileConfiguration(string appHostDirectory)
    {
        var configuration = new ConfigurationManager();
        var profile = LaunchProfile.ReadAll(appHostDirectory).FirstOrDefault();

        if (profile is not null)
        {
            configuration.AddInMemoryCollection();
            foreach (var (name, value) in profile.EnvironmentVariables.SelectMany(WithAndWithoutPrefix))
            {
                configuration[name] = value;
            }

            configuration["DOTNET_LAUNCH_PROFILE"] = profile.Name;
        }

        return configuration;
    }

    private static IEnumerable<KeyValuePair<string, string>> WithAndWithoutPrefix(KeyValuePair<string, string> variable)
    {
        yield return new(variable.Key, variable.Value);

        foreach (var prefix in (string[])["DOTNET_", "ASPNETCORE_"])
        {
            if (variable.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                yield return new(variable.Key[prefix.Length..], variable.Value);
            }
        }
    }
}
