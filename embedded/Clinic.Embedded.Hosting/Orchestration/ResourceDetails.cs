using System.Collections.Immutable;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Projects;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>What there is to show about a resource before it has started.</summary>
internal static class ResourceDetails
{
    public static ImmutableArray<ResourcePropertySnapshot> Of(IResource resource) => [.. OfProject(resource)];

    private static IEnumerable<ResourcePropertySnapshot> OfProject(IResource resource)
    {
        if (resource.Annotations.OfType<IProjectMetadata>().FirstOrDefault() is { } metadata)
        {
            yield return new(KnownProperties.ProjectPath, metadata.ProjectPath);
            yield return new(KnownProperties.WorkingDirectory, Path.GetDirectoryName(metadata.ProjectPath));
        }

        if (resource.Annotations.OfType<LaunchProfile>().LastOrDefault() is { } profile)
        {
            yield return new(KnownProperties.LaunchProfile, profile.Name);
        }
    }
}
