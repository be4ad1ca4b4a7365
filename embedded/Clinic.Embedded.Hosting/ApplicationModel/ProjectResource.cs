namespace Aspire.Hosting.ApplicationModel;

/// <summary>A .NET project of the solution, run as a process.</summary>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithServiceDiscovery, IResourceWithWaitSupport;
