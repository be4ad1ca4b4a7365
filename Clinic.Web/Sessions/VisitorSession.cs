using System.Security.Claims;
using Clinic.Core.Contracts;
using Clinic.Web.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Clinic.Web.Sessions;

/// <summary>
/// The sign-in of whoever sends the request. Its tokens come with the encrypted session cookie; whatever becomes of them
/// during the request goes back in the cookie as the answer begins.
/// </summary>
public sealed class VisitorSession(IHttpContextAccessor accessor, SignInApi api, TokenExchanges exchanges, TimeProvider clock)
{
    /// <summary>So long before its end an access token is renewed, for the API's clock may be ahead of ours.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromMinutes(1);

    private readonly HttpContext _context = accessor.HttpContext ?? throw new InvalidOperationException("There is no request, so there is no visitor.");
    private readonly Lock _change = new();
    private SessionTokens? _tokens = SessionTokens.Read(accessor.HttpContext?.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties);
    private ClaimsPrincipal? _visitor;
    private bool _willWrite;

    /// <summary>Raised when the API says that the session is over: what has been rendered of it no longer holds.</summary>
    public event Action? Ended;

    public bool IsSignedIn => _tokens is not null;

    /// <summary>The address that the visitor signed in with; null for a visitor who is not signed in.</summary>
    public string? Email => IsSignedIn ? (_visitor ?? _context.User).Identity?.Name : null;

    /// <summary>Signs in with the code that went to the address.</summary>
    /// <param name="email">The address.</param>
    /// <param name="code">Six digits.</param>
    /// <param name="attempt">Names this attempt, of this browser: sent twice, it signs in all the same.</param>
    /// <returns>Null where that has worked.</returns>
    public async Task<ApiProblem?> Begin(string email, string code, string attempt)
    {
        var tokens = await exchanges.Once($"{attempt} {code}", () => api.Redeem(email, code));
        if (tokens.Ok)
        {
            // The name identifier is what forms are bound to: it has to be the same after signing in again.
            _visitor = new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim(ClaimTypes.NameIdentifier, email), new Claim(ClaimTypes.Name, email)], CookieAuthenticationDefaults.AuthenticationScheme));
            Keep(tokens.Value);
        }

        return tokens.Problem;
    }

    /// <summary>Signs out: here in any case, and with the API if it can be reached.</summary>
    public async Task End()
    {
        if (await AccessToken() is { } accessToken)
        {
            await api.SignOut(accessToken);
        }

        Forget();
    }

    /// <summary>A token that is good for some time yet, renewed where it is not; null for a visitor who is not signed in.</summary>
    public async Task<string?> AccessToken()
    {
        if (_tokens is not { } tokens || clock.GetUtcNow() < tokens.ExpiresAt - Early)
        {
            return _tokens?.AccessToken;
        }

        // Where the API does not answer, the old one may yet do.
        await Renew(tokens);
        return _tokens?.AccessToken;
    }

    /// <summary>A token in place of one that the API has refused. 401: the session is over.</summary>
    public async Task<Answer<SessionTokens>> RenewAfter(string refused) => _tokens switch
    {
        null => ApiProblem.Of(StatusCodes.Status401Unauthorized, ProblemCodes.Unauthenticated),
        { AccessToken: var current } tokens when current != refused => tokens,
        var tokens => await Renew(tokens),
    };

    /// <summary>The API knows nothing of this session (any more).</summary>
    public void Forget()
    {
        Keep(null);
        Ended?.Invoke();
    }

    private async Task<Answer<SessionTokens>> Renew(SessionTokens old)
    {
        var renewed = await exchanges.Once(old.RefreshToken, () => api.Refresh(old.RefreshToken));
        if (renewed.Ok)
        {
            Keep(renewed.Value);
        }
        else if (!renewed.Problem.IsDown)
        {
            Forget();
        }

        return renewed;
    }

    private void Keep(SessionTokens? tokens)
    {
        lock (_change)
        {
            _tokens = tokens;
            if (!_willWrite)
            {
                // At the last moment: an error page that takes the place of this answer would lose what is written before.
                _context.Response.OnStarting(Write);
                _willWrite = true;
            }
        }
    }

    private Task Write() => _tokens is { } tokens
        ? _context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, _visitor ?? _context.User, tokens.ForCookie())
        : _context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
}
