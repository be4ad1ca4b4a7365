using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Clinic.Embedded.Client;

internal static class HealthCheckRegistration
{
    /// <summary>Adds the check unless one of this name has been added here before.</summary>
    public static void AddHealthCheckOnce<TCheck>(this IHostApplicationBuilder builder, string name)
        where TCheck : class, IHealthCheck
    {
        var key = $"Aspire.HealthChecks.{name}";

        if (builder.Properties.TryAdd(key, true))
        {
            builder.Services.AddHealthChecks().AddCheck<TCheck>(name);
        }
    }
}
