namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint as another resource sees it; its port is known once the application has started.</summary>
public sealed class EndpointReference
{
    private readonly EndpointAnnotation? _endpoint;

    internal EndpointReference(IResourceWithEndpoints owner, string endpointName)
    {
        Resource = owner;
        EndpointName = endpointName;
        _endpoint = owner.Annotations.OfType<EndpointAnnotation>()
            .FirstOrDefault(e => string.Equals(e.Name, endpointName, StringComparison.OrdinalIgnoreCase));
    }

    public IResourceWithEndpoints Resource { get; }

    public string EndpointName { get; }

    public bool Exists => _endpoint is not null;

    public bool IsAllocated => _endpoint?.AllocatedPort is not null;

    public string Scheme => Endpoint.UriScheme;

    public string Host => "localhost";

    public int Port => Endpoint.AllocatedPort
        ?? throw new InvalidOperationException($"The endpoint '{EndpointName}' of '{Resource.Name}' has no port before the application has started.");

    public string Url => $"{Scheme}://{Host}:{Port}";

    internal EndpointAnnotation Endpoint => _endpoint
        ?? throw new InvalidOperationException($"'{Resource.Name}' has no endpoint '{EndpointName}'.");
}

/// <summary>Endpoints by name.</summary>
public static class ResourceExtensions
{
    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, string endpointName) => new(resource, endpointName);

    internal static IEnumerable<EndpointReference> Endpoints(this IResourceWithEndpoints resource) =>
        resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new EndpointReference(resource, endpoint.Name));
}
