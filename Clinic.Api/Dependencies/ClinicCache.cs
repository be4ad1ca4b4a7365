using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Clinic.Api.Dependencies;

/// <summary>The API's way to Redis.</summary>
internal static class ClinicCache
{
    public static void AddClinicCache(this WebApplicationBuilder builder)
    {
        builder.AddRedisClient("cache", settings =>
        {
            // The health check of our own takes Redis for what it is: a part that the clinic can do without.
            settings.DisableHealthChecks = true;

            // Our own spans tell of each call; a second one for the same would only confuse.
            settings.DisableTracing = true;
        });
        builder.Services.AddHealthChecks().AddCheck<RedisCheck>("redis", HealthStatus.Degraded, [], TimeSpan.FromSeconds(2));
    }
}
