using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Clinic.ServiceDefaults.Telemetry;

/// <summary>
/// Traces, metrics and logs over OTLP, as the standard <c>OTEL_*</c> settings say. Without
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> nothing is collected.
/// </summary>
/// <remarks>
/// There is one provider per signal and process, in the container. Aspire's client packages bring
/// OpenTelemetry.Extensions.Hosting, whose <c>AddOpenTelemetry()</c> adds to the same registrations: they name sources that
/// are named here too, which counts once, and they add no exporter.
/// </remarks>
internal static class TelemetryRegistration
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // Server spans have method, path and server only when asked for. Read when the web host starts.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Services.AddTransient<IStartupFilter, ServerSpans>();

        if (string.IsNullOrWhiteSpace(builder.Configuration[Endpoint]))
        {
            return;
        }

        // Before all others, so that it stops after them.
        builder.Services.AddHostedService<TelemetryLifetime>();
        new Signals(builder.Services)
            .WithTracing(Trace)
            .WithMetrics(Measure)
            .WithLogging(null, logs => logs.IncludeFormattedMessage = true)
            .UseOtlpExporter();

        // These lines quote the whole address with its query, in which people look for names. The server span says the rest.
        builder.Logging.AddFilter<OpenTelemetryLoggerProvider>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
    }

    private static void Trace(TracerProviderBuilder traces) => traces
        .SetSampler(new HealthlessSampler())
        .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", ClinicTelemetry.Name);

    private static void Measure(MeterProviderBuilder metrics) => metrics.AddMeter(
        "Microsoft.AspNetCore.Diagnostics",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Routing",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Net.Http",
        "System.Runtime",
        "Npgsql",
        ClinicTelemetry.Name);

    /// <summary>What <c>AddOpenTelemetry()</c> returns, for where its package is not.</summary>
    private sealed record Signals(IServiceCollection Services) : IOpenTelemetryBuilder;
}
