namespace Aspire.Hosting.ApplicationModel;

/// <summary>A server that Aspire runs in a container, and that runs as a local process here.</summary>
public abstract class ContainerResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithEndpoints, IResourceWithWaitSupport;
