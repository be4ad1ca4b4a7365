using Clinic.Api.Auth;

namespace Clinic.Api.Guards;

/// <summary>Tells browsers what not to do with answers that are data.</summary>
internal static class SecurityHeaders
{
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    // Swagger UI's page brings a script and styles within the page.
    private const string DocsPage = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        // Not before the answer starts: an error's would have lost them again.
        context.Response.OnStarting(Add, context);
        return next(context);
    });

    private static Task Add(object state)
    {
        var context = (HttpContext)state;
        var (path, headers) = (context.Request.Path, context.Response.Headers);
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = path.StartsWithSegments("/docs") || path.StartsWithSegments("/dev") ? DocsPage : Nothing;

        // What was answered to somebody who signed in is for them alone, and not for a shared computer's cache.
        if (Identity.Of(context) is not null || path.StartsWithSegments("/api/auth"))
        {
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }
}
