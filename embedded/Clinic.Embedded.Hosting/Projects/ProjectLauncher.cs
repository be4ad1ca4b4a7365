using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Dashboard;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Processes;
using Clinic.Embedded.Hosting.Storage;
using Microsoft.Extensions.Hosting;

namespace Clinic.Embedded.Hosting.Projects;

/// <summary>
/// Runs a project's assembly as it was built with the AppHost, in the project's folder, with the environment that Aspire gives it.
/// </summary>
internal sealed class ProjectLauncher(
    ProcessSpawner spawner, IHttpClientFactory clients, EmbeddedSettings settings, DashboardHost dashboard, IHostEnvironment hostEnvironment)
    : ResourceLauncher<ProjectResource>
{
    public override string ResourceType => "Project";

    /// <summary>A worker that has done its work is not to look like one that has failed.</summary>
    public override string EndStateOf(int exitCode) => exitCode == 0 ? KnownResourceStates.Finished : KnownResourceStates.Exited;

    protected override async Task<IRunningResource> LaunchAsync(ProjectResource project, ResourceInstance instance, CancellationToken cancellationToken)
    {
        var assembly = AssemblyOf(project);
        if (!settings.IsTest)
        {
            CheckPorts(project, instance);
        }

        var inherited = ProcessEnvironment.OfProjects();
        var own = await OwnEnvironmentAsync(project, instance, cancellationToken);
        instance.Update(s => s.WithProperty(KnownProperties.ProgramPath, assembly) with { EnvironmentVariables = [.. own.Select(variable => new EnvironmentVariableSnapshot(variable.Key, variable.Value, IsFromSpec: true))] });

        foreach (var (name, value) in own)
        {
            inherited[name] = value;
        }

        return await spawner.StartAsync(
            new ProcessSpec
            {
                FileName = Executables.Dotnet,
                Arguments = [assembly],
                WorkingDirectory = Path.GetDirectoryName(MetadataOf(project).ProjectPath)!,
                Environment = inherited,
            },
            instance.Output);
    }

    protected override IEnumerable<HealthProbe> ProbesOf(ProjectResource project, ResourceInstance instance) =>
        project.Annotations.OfType<HttpHealthAnnotation>().Select(health => new HealthProbe(
            $"{project.Name}_{health.EndpointName ?? "http"}_{health.Path}_{health.StatusCode}_check",
            cancellationToken => GetAsync(project, instance, health, cancellationToken)));

    private async Task GetAsync(ProjectResource project, ResourceInstance instance, HttpHealthAnnotation health, CancellationToken cancellationToken)
    {
        var endpoint = project.Annotations.OfType<EndpointAnnotation>()
            .FirstOrDefault(e => health.EndpointName is null ? e.UriScheme is "http" or "https" : e.Name == health.EndpointName)
            ?? throw new DistributedApplicationException($"'{project.Name}' has no endpoint '{health.EndpointName ?? "http"}' to ask for its health.");

        // The instance itself is asked, and not the proxy before it.
        var url = new Uri(new Uri($"{endpoint.UriScheme}://localhost:{instance.TargetPorts[endpoint.Name]}"), health.Path);
        using var client = clients.CreateClient(nameof(ProjectLauncher));
        using var response = await client.GetAsync(url, cancellationToken);

        if ((int)response.StatusCode != health.StatusCode)
        {
            throw new HttpRequestException($"{url} answered {(int)response.StatusCode} and not {health.StatusCode}");
        }
    }

    private async Task<Dictionary<string, string>> OwnEnvironmentAsync(
        ProjectResource project, ResourceInstance instance, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>
        {
            ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple",
            ["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true",
        };

        if (dashboard.Current is { } running)
        {
            foreach (var (name, value) in TelemetryEnvironment.For(instance, running, hostEnvironment.IsDevelopment()))
            {
                environment[name] = value;
            }
        }

        if (project.Annotations.OfType<LaunchProfile>().LastOrDefault() is { } profile)
        {
            environment["DOTNET_LAUNCH_PROFILE"] = profile.Name;
            foreach (var (name, value) in profile.EnvironmentVariables)
            {
                environment[name] = value;
            }
        }

        var endpoints = project.Annotations.OfType<EndpointAnnotation>().ToList();
        if (endpoints.Count > 0)
        {
            environment["ASPNETCORE_URLS"] = string.Join(';', endpoints.Select(e => $"{e.UriScheme}://localhost:{instance.TargetPorts[e.Name]}"));
        }

        foreach (var annotation in project.Annotations.OfType<EnvironmentAnnotation>())
        {
            await annotation.Apply(environment, cancellationToken);
        }

        return environment;
    }

    private static void CheckPorts(ProjectResource project, ResourceInstance instance)
    {
        foreach (var (endpoint, port) in instance.TargetPorts.Where(target => !PortAllocator.IsFree(target.Value)))
        {
            throw new DistributedApplicationException(Orchestrator.TakenPort(project, endpoint, port));
        }
    }

    private static string AssemblyOf(ProjectResource project)
    {
        var metadata = MetadataOf(project);
        var path = (metadata as IBuiltProject)?.TargetPath
            ?? throw new DistributedApplicationException($"it is not known where {metadata.ProjectPath} is built to; reference it from the AppHost's project");

        return File.Exists(path)
            ? path
            : throw new DistributedApplicationException($"{path} is missing. Build it: dotnet build {Path.GetFileNameWithoutExtension(metadata.ProjectPath)}");
    }

    private static IProjectMetadata MetadataOf(ProjectResource project) => project.Annotations.OfType<IProjectMetadata>().Single();
}
