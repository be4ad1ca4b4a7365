using Clinic.Api.Auth;
using Clinic.Api.Requests;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.HttpOverrides;

namespace Clinic.Api.Guards;

/// <summary>What stands between the network and the endpoints: limits on size, time and number, headers, origins, identity.</summary>
internal static class GuardRegistration
{
    /// <summary>Longer than any honest request takes, with the database's retries.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    public static void AddGuards(this WebApplicationBuilder builder)
    {
        builder.AddRequestLimits();
        builder.AddRateLimits();
        builder.AddOrigins();
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = Deadline,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = context =>
            {
                context.Response.Headers.RetryAfter = "2";
                return Task.CompletedTask;
            },
        });
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto);
    }

    /// <summary>In the order in which a request passes them. Only proxies on this machine are believed about who calls.</summary>
    public static void UseGuards(this WebApplication app)
    {
        // Most requests are reads of what is public, by a browser or a service that has not signed in. What has nothing to do for
        // them is not on their way at all: each such part would cost as much as the answer itself.
        app.UseWhen(IsForwarded, forwarded => forwarded.UseForwardedHeaders());
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.UseSecurityHeaders();
        app.UseWhen(context => context.Request.Headers.Origin.Count > 0, foreign => foreign.UseCors());
        app.UseWhen(context => context.Request.Headers.Authorization.Count > 0, named => named.UseAuthentication());
        app.UseRateLimits();
        app.UseWhen(context => !IsPublic(context), restricted => restricted.UseAuthorization());
        app.UseRequestTimeouts();

        // Else the host, which does not see into branches, would put both before all of this for every request. Should it look
        // for other names one day, then only the time is lost again.
        var properties = ((IApplicationBuilder)app).Properties;
        properties["__AuthenticationMiddlewareSet"] = true;
        properties["__AuthorizationMiddlewareSet"] = true;
    }

    private static bool IsForwarded(HttpContext context) =>
        context.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName)
        || context.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedProtoHeaderName);

    /// <summary>The one table says that anybody may. What has no row there is for the authorization to judge.</summary>
    private static bool IsPublic(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<Access>() is { IsPublic: true };
}
