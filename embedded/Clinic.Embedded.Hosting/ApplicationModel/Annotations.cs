namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a wait is for.</summary>
public enum WaitType
{
    WaitUntilHealthy,
    WaitForCompletion,
}

/// <summary>The resource does not start before <paramref name="resource"/> is healthy, or has ended with <paramref name="exitCode"/>.</summary>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;

    public WaitType WaitType { get; } = waitType;

    public int ExitCode { get; } = exitCode;
}

/// <summary>How many processes run the project.</summary>
public sealed class ReplicaAnnotation(int replicas) : IResourceAnnotation
{
    public int Replicas { get; } = replicas;
}

/// <summary>A relation that is shown to people: Reference, WaitFor, Parent.</summary>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;

    public string Type { get; } = type;
}

/// <summary>An address of the resource, as people see it.</summary>
public sealed class ResourceUrlAnnotation
{
    /// <summary>Absolute, or relative to the endpoint: <c>/docs</c>.</summary>
    public required string Url { get; set; }

    public string? DisplayText { get; set; }

    public EndpointReference? Endpoint { get; init; }
}

/// <summary>Changes the address shown for one endpoint.</summary>
internal sealed record UrlCallbackAnnotation(string EndpointName, Action<ResourceUrlAnnotation> Callback) : IResourceAnnotation;

/// <summary>Adds to the environment of the process, just before it starts.</summary>
internal sealed record EnvironmentAnnotation(Func<IDictionary<string, string>, CancellationToken, ValueTask> Apply) : IResourceAnnotation;

/// <summary>The resource is healthy when a GET of this path on its endpoint answers with this status.</summary>
internal sealed record HttpHealthAnnotation(string Path, int StatusCode, string? EndpointName) : IResourceAnnotation;

/// <summary>The data outlives the application.</summary>
internal sealed record DataVolumeAnnotation(string Name) : IResourceAnnotation;
