using System.Security.Claims;
using System.Text.Encodings.Web;
using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Clinic.Api.Auth;

/// <summary>Authenticates <c>Authorization: Bearer …</c> by our own access tokens, and says so in problem details where it cannot.</summary>
internal sealed class BearerHandler(
    AccessTokens tokens, IProblemDetailsService problems, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";

    private const string Prefix = SchemeName + " ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (tokens.Read(header[Prefix.Length..].Trim()) is not { } identity)
        {
            return Task.FromResult(AuthenticateResult.Fail("The access token is not ours, or has expired."));
        }

        Context.Features.Set(identity);
        var user = new ClaimsIdentity([new Claim(ClaimTypes.Role, identity.Role.ToString())], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(user), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var hasToken = Request.Headers.Authorization.Count > 0;
        Response.Headers.WWWAuthenticate = hasToken ? """Bearer error="invalid_token" """.TrimEnd() : SchemeName;
        return WriteAsync(
            StatusCodes.Status401Unauthorized,
            ProblemCodes.Unauthenticated,
            hasToken ? "The access token is not valid, or has expired: refresh it or sign in again." : "Sign in, and send the access token as Authorization: Bearer.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => WriteAsync(
        StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, "Your account may not do this.");

    private async Task WriteAsync(int status, string code, string detail)
    {
        Response.StatusCode = status;
        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = Context,
            ProblemDetails = ExceptionToProblem.Details(status, code, detail),
        });
    }
}
