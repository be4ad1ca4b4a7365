using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>The addresses of a resource as people see them.</summary>
internal static class ResourceUrls
{
    public static ImmutableArray<UrlSnapshot> Of(IResource resource) =>
        resource is IResourceWithEndpoints withEndpoints ? [.. withEndpoints.Endpoints().Select(Describe)] : [];

    private static UrlSnapshot Describe(EndpointReference endpoint)
    {
        var url = new ResourceUrlAnnotation { Url = endpoint.Url, Endpoint = endpoint };

        foreach (var change in endpoint.Resource.Annotations.OfType<UrlCallbackAnnotation>())
        {
            if (string.Equals(change.EndpointName, endpoint.EndpointName, StringComparison.OrdinalIgnoreCase))
            {
                change.Callback(url);
            }
        }

        var absolute = new Uri(new Uri(endpoint.Url), url.Url).ToString();
        return new(endpoint.EndpointName, url.Url == endpoint.Url ? endpoint.Url : absolute, IsInternal: !endpoint.Endpoint.IsExternal)
        {
            DisplayText = url.DisplayText ?? "",
        };
    }
}
