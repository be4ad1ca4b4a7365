using System.Globalization;
using Clinic.Core.Contracts;
using Microsoft.AspNetCore.Authentication;

namespace Clinic.Web.Sessions;

/// <summary>The tokens of a visitor's session, as the session cookie keeps them.</summary>
/// <param name="AccessToken">Sent with every request to the API.</param>
/// <param name="RefreshToken">Good for one renewal.</param>
/// <param name="ExpiresAt">When the access token does.</param>
public sealed record SessionTokens(string AccessToken, string RefreshToken, DateTimeOffset ExpiresAt)
{
    private const string Access = "access_token";
    private const string Refresh = "refresh_token";
    private const string Expires = "expires_at";

    public static SessionTokens Of(Tokens tokens, DateTimeOffset now) =>
        new(tokens.AccessToken, tokens.RefreshToken, now.AddSeconds(tokens.ExpiresIn));

    /// <summary>Null where the cookie, if there is one, holds no tokens.</summary>
    public static SessionTokens? Read(AuthenticationProperties? cookie) =>
        cookie?.GetTokenValue(Access) is { } access
            && cookie.GetTokenValue(Refresh) is { } refresh
            && DateTimeOffset.TryParse(cookie.GetTokenValue(Expires), CultureInfo.InvariantCulture, DateTimeStyles.None, out var expires)
            ? new SessionTokens(access, refresh, expires)
            : null;

    /// <summary>A cookie that outlives the browser; how long, the cookie's options say.</summary>
    public AuthenticationProperties ForCookie()
    {
        var cookie = new AuthenticationProperties { IsPersistent = true };
        cookie.StoreTokens(
        [
            new() { Name = Access, Value = AccessToken },
            new() { Name = Refresh, Value = RefreshToken },
            new() { Name = Expires, Value = ExpiresAt.ToString("O", CultureInfo.InvariantCulture) },
        ]);
        return cookie;
    }
}
