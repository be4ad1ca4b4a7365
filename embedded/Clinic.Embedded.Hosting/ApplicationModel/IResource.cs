namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application: a project, a server, a database, a parameter.</summary>
public interface IResource
{
    /// <summary>Unique within the application, compared without regard to case.</summary>
    string Name { get; }

    /// <summary>What has been said about the resource: endpoints, references, things to wait for.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>A resource that is given environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that listens on ports.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource whose endpoints others find by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource whose start can wait for others.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that lives inside another one, as a database in its server.</summary>
public interface IResourceWithParent : IResource
{
    IResource Parent { get; }
}

/// <inheritdoc cref="IResourceWithParent"/>
public interface IResourceWithParent<out T> : IResourceWithParent where T : IResource
{
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}

/// <summary>A resource that clients reach through a connection string.</summary>
public interface IResourceWithConnectionString : IResource
{
    /// <summary>The connection string; its port is known once the application has started.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default);
}
