using System.Net;
using System.Net.Http.Headers;

namespace Clinic.Web.Sessions;

/// <summary>
/// Sends the visitor's access token with requests to the API, and where the API refuses it, once more with a renewed one.
/// </summary>
/// <remarks>A handler outlives requests and has services of its own, so the visitor is looked up with each request.</remarks>
public sealed class VisitorTokenHandler(IHttpContextAccessor accessor) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var session = accessor.HttpContext?.RequestServices.GetRequiredService<VisitorSession>();
        if (session is null || await session.AccessToken() is not { } token)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var response = await SendWith(token);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        var renewed = await session.RenewAfter(token);
        if (!renewed.Ok)
        {
            // The visitor is only to sign in again where that is known to help.
            return renewed.Problem.IsDown ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) : response;
        }

        response.Dispose();
        response = await SendWith(renewed.Value.AccessToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            session.Forget();
        }

        return response;

        Task<HttpResponseMessage> SendWith(string accessToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
