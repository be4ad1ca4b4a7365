using Microsoft.Extensions.Configuration;

namespace Clinic.ServiceDefaults;

/// <summary>
/// Turns a service's name into its address: <c>http://api/…</c> goes to what <c>services:api:http:0</c> says, which the
/// AppHost passes on. Other hosts are left alone.
/// </summary>
internal sealed class ServiceAddressHandler(IConfiguration configuration) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { } uri && configuration[$"services:{uri.Host}:{uri.Scheme}:0"] is { } address)
        {
            request.RequestUri = new Uri(new Uri(address), uri.PathAndQuery);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
