using Clinic.ServiceDefaults;
using Clinic.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the clinic has: a clock, telemetry, health endpoints, and HTTP clients that find and retry well.</summary>
public static class ServiceDefaultsExtensions
{
    private const string Live = "live";

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);
        builder.Services.AddTransient<SafeRetryHandler>();
        builder.Services.AddTransient<ServiceAddressHandler>();
        builder.Services.ConfigureHttpClientDefaults(http => http
            .AddHttpMessageHandler<SafeRetryHandler>()
            .AddHttpMessageHandler<ServiceAddressHandler>());
        return builder;
    }

    /// <summary>
    /// <c>/health</c> says whether the service can do its work (a dependency that it can do without is Degraded, still 200);
    /// <c>/alive</c> says only that the process is up. Neither is part of the telemetry: they are asked all the time.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPaths.Health, new HealthCheckOptions { ResponseWriter = HealthReportJson.WriteAsync }).DisableHttpMetrics();
        app.MapHealthChecks(HealthPaths.Alive, new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(Live),
            ResponseWriter = HealthReportJson.WriteAsync,
        }).DisableHttpMetrics();
        return app;
    }
}
