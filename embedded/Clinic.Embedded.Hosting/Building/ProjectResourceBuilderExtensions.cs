using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Projects;
using Clinic.Embedded.Hosting.Storage;

namespace Aspire.Hosting;

/// <summary>Adds the solution's projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>
    /// Adds a project. Every <c>applicationUrl</c> of its launch profile becomes an endpoint; the profile is the one with
    /// the name of the AppHost's own, else the first.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject(name, new TProject(), project => LaunchProfile.Choose(project, builder.EmbeddedSettings().LaunchProfile));

    /// <summary>Adds a project with a launch profile by name, or with none.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject(name, new TProject(), project => launchProfileName is null ? null : LaunchProfile.Named(project, launchProfileName));

    /// <summary>
    /// Runs several processes of the project; its endpoint's port is then a proxy's, which takes them in turn.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    private static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, Func<IProjectMetadata, LaunchProfile?> chooseProfile)
    {
        if (!File.Exists(metadata.ProjectPath))
        {
            throw new DistributedApplicationException($"The project of '{name}' is not there: {metadata.ProjectPath}.");
        }

        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);

        if (chooseProfile(metadata) is { } profile)
        {
            project.WithAnnotation(profile);
            foreach (var endpoint in profile.Endpoints())
            {
                project.WithAnnotation(endpoint);
            }
        }

        return project;
    }
}
