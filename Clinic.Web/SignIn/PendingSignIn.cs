using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Clinic.Web.SignIn;

/// <summary>
/// The address that a code has gone to, kept from the first step of signing in to the second in an encrypted cookie: in
/// the page's address it would end up in histories and logs, and a page that is reloaded would send another code.
/// </summary>
public sealed class PendingSignIn(IDataProtectionProvider protection)
{
    private const string CookieName = "clinic-sign-in";

    /// <summary>Longer than any code is good for, so that a late one is told that it is late.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector(CookieName).ToTimeLimitedDataProtector();

    /// <summary>Names the attempt to sign in, for nobody but this browser: the cookie as it stands, other with each code.</summary>
    public static string Attempt(HttpContext context) => context.Request.Cookies[CookieName] ?? "";

    /// <summary>The address; null where there is none to be read.</summary>
    public string? Read(HttpContext context)
    {
        try
        {
            return context.Request.Cookies[CookieName] is { Length: > 0 } kept ? _protector.Unprotect(kept) : null;
        }
        catch (CryptographicException)
        {
            // Too old, or not ours.
            return null;
        }
    }

    public void Remember(HttpContext context, string email) =>
        context.Response.Cookies.Append(CookieName, _protector.Protect(email, Life), Options(context));

    public void Forget(HttpContext context) => context.Response.Cookies.Delete(CookieName, Options(context));

    private static CookieOptions Options(HttpContext context) => new()
    {
        Path = "/sign-in",
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        IsEssential = true,
    };
}
