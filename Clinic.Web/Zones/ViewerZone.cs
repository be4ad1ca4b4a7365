using Clinic.Core.Scheduling;

namespace Clinic.Web.Zones;

/// <summary>
/// The time zone in which the visitor reads times (R14): the one chosen on the page, else the one remembered in the
/// cookie, which a script sets from the browser's clock. Null as long as neither says; names that are not zones count as nothing.
/// </summary>
public sealed class ViewerZone
{
    public const string QueryName = "zone";

    /// <summary>Read and set by <c>zone.js</c> too.</summary>
    public const string CookieName = "clinic-zone";

    public TimeZoneInfo? Zone { get; private set; }

    /// <summary>The viewer's zone or, as long as it is unknown, another one: the doctor's.</summary>
    public TimeZoneInfo Or(TimeZoneInfo other) => Zone ?? other;

    /// <summary>Takes up what the request says, and remembers a choice made in its query string.</summary>
    public void Read(HttpContext context)
    {
        if (!Choose(context, context.Request.Query[QueryName]) && TimeZones.TryFind(context.Request.Cookies[CookieName], out var remembered))
        {
            Zone = remembered;
        }
    }

    /// <summary>Shows times in the named zone from here on; false, and no change, where there is no such zone.</summary>
    public bool Choose(HttpContext context, string? name)
    {
        if (!TimeZones.TryFind(name, out var chosen))
        {
            return false;
        }

        Zone = chosen;
        context.Response.Cookies.Append(CookieName, chosen.Id, new CookieOptions
        {
            Path = "/",
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            IsEssential = true,
        });
        return true;
    }
}

public static class ViewerZoneMiddleware
{
    /// <summary>Makes the request's <see cref="ViewerZone"/> known to every page.</summary>
    public static void UseViewerZone(this WebApplication app) => app.Use((context, next) =>
    {
        context.RequestServices.GetRequiredService<ViewerZone>().Read(context);
        return next(context);
    });
}
