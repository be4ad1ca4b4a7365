using Microsoft.Extensions.Configuration;

namespace Clinic.AppHost;

/// <summary>Settings that are given to the AppHost and meant for one of its projects.</summary>
internal static class Settings
{
    /// <summary>Passes on all that stands under these sections, as <c>Seed:Patients</c> under <c>Seed</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithSettings(
        this IResourceBuilder<ProjectResource> project, IConfiguration configuration, params string[] sections)
    {
        foreach (var (key, value) in sections.SelectMany(section => configuration.GetSection(section).AsEnumerable()).Where(s => s.Value is not null))
        {
            project.WithEnvironment(key.Replace(":", "__", StringComparison.Ordinal), value);
        }

        return project;
    }
}
