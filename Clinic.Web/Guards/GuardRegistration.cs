using Microsoft.AspNetCore.HttpOverrides;

namespace Clinic.Web.Guards;

/// <summary>What stands between the network and the pages, before anybody is known.</summary>
internal static class GuardRegistration
{
    public static void AddGuards(this IServiceCollection services) =>
        services.Configure<ForwardedHeadersOptions>(forwarded =>
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto);

    /// <summary>Only proxies on this machine are believed about who calls.</summary>
    public static void UseGuards(this WebApplication app)
    {
        app.UseForwardedHeaders();
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.UseSecurityHeaders();
    }
}
