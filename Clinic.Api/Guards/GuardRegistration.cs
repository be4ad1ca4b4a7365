using Clinic.Api.Requests;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.HttpOverrides;

namespace Clinic.Api.Guards;

/// <summary>What stands between the network and the endpoints: limits on size, time and number, headers, origins, identity.</summary>
internal static class GuardRegistration
{
    /// <summary>Longer than any honest request takes, with the database's retries.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

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
        app.UseForwardedHeaders();
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.UseSecurityHeaders();
        app.UseCors();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseRequestTimeouts();
    }
}
