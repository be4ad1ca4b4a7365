namespace Clinic.Web.Sessions;

/// <summary>Tells the API on whose behalf a request is made, so that its limits count visitors and not this server.</summary>
public sealed class VisitorAddressHandler(IHttpContextAccessor accessor) : DelegatingHandler
{
    private const string ForwardedFor = "X-Forwarded-For";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove(ForwardedFor);
        if (accessor.HttpContext?.Connection.RemoteIpAddress is { } address)
        {
            request.Headers.Add(ForwardedFor, address.ToString());
        }

        return base.SendAsync(request, cancellationToken);
    }
}
