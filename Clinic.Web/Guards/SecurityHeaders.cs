using System.Net.Mime;

namespace Clinic.Web.Guards;

/// <summary>Tells browsers what pages are made of, and what not to do with them.</summary>
internal static class SecurityHeaders
{
    /// <summary>Files of our own and nothing else: no script or style within a page, no frame around it.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";

            // What a page shows to somebody who is signed in is for them alone, and not for a shared computer's cache.
            var isPage = context.Response.ContentType?.StartsWith(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase) ?? false;
            if (isPage && context.User.Identity is { IsAuthenticated: true })
            {
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        return next(context);
    });
}
