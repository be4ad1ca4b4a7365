using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Clinic.Embedded.Hosting.Projects;

/// <summary>A profile of a project's <c>Properties/launchSettings.json</c>.</summary>
internal sealed record LaunchProfile(string Name, IReadOnlyList<Uri> ApplicationUrls, IReadOnlyDictionary<string, string> EnvironmentVariables)
    : IResourceAnnotation
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The profile with the preferred name, else the project's first, else none.</summary>
    public static LaunchProfile? Choose(IProjectMetadata project, string? preferredName)
    {
        var profiles = ReadAll(DirectoryOf(project));
        return profiles.FirstOrDefault(profile => profile.Name == preferredName) ?? profiles.FirstOrDefault();
    }

    /// <exception cref="DistributedApplicationException">The project has no profile of this name.</exception>
    public static LaunchProfile Named(IProjectMetadata project, string name)
    {
        var profiles = ReadAll(DirectoryOf(project));
        return profiles.FirstOrDefault(profile => profile.Name == name)
            ?? throw new DistributedApplicationException(
                $"{Path.GetFileName(project.ProjectPath)} has no launch profile '{name}'; it has: {(profiles.Count == 0 ? "none" : string.Join(", ", profiles.Select(p => p.Name)))}.");
    }

    /// <summary>The profiles that run the project itself, in the file's order; none without a file.</summary>
    public static IReadOnlyList<LaunchProfile> ReadAll(string projectDirectory)
    {
        var path = Path.Combine(projectDirectory, "Properties", "launchSettings.json");
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            using var settings = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            return settings.RootElement.TryGetProperty("profiles", out var profiles)
                ? [.. profiles.EnumerateObject().Where(p => Text(p.Value, "commandName") == "Project").Select(p => Read(p.Name, p.Value))]
                : [];
        }
        catch (Exception exception) when (exception is JsonException or UriFormatException)
        {
            throw new DistributedApplicationException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>An endpoint per address, named after its scheme.</summary>
    public IEnumerable<EndpointAnnotation> Endpoints() =>
        ApplicationUrls.GroupBy(url => url.Scheme).SelectMany(urls => urls.Select((url, index) =>
            new EndpointAnnotation(index == 0 ? url.Scheme : $"{url.Scheme}{index + 1}", url.Scheme, url.Port)));

    private static LaunchProfile Read(string name, JsonElement profile) => new(
        name,
        [.. (Text(profile, "applicationUrl") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(url => new Uri(url))],
        profile.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.ToString())
            : []);

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) ? value.GetString() : null;

    private static string DirectoryOf(IProjectMetadata project) => Path.GetDirectoryName(project.ProjectPath)!;
}
