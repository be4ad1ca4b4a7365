using Clinic.Embedded.Hosting.Dashboard;
using Clinic.Embedded.Hosting.Orchestration;

namespace Clinic.Embedded.Hosting.Projects;

/// <summary>The standard OpenTelemetry variables, as Aspire sets them: where a process sends its telemetry, and under which name.</summary>
internal static class TelemetryEnvironment
{
    /// <summary>In milliseconds: in development one wants to see at once what one has done.</summary>
    private const string DevelopmentDelay = "1000";

    public static IEnumerable<KeyValuePair<string, string>> For(ResourceInstance instance, DashboardSettings dashboard, bool isDevelopment)
    {
        yield return new("OTEL_EXPORTER_OTLP_ENDPOINT", dashboard.OtlpGrpc.GetLeftPart(UriPartial.Authority));
        yield return new("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
        yield return new("OTEL_EXPORTER_OTLP_HEADERS", $"x-otlp-api-key={dashboard.OtlpApiKey}");
        yield return new("OTEL_SERVICE_NAME", instance.Resource.Name);

        // The dashboard finds the resource by the name, a hyphen and this.
        yield return new("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={instance.Id[(instance.Resource.Name.Length + 1)..]}");

        if (isDevelopment)
        {
            yield return new("OTEL_BLRP_SCHEDULE_DELAY", DevelopmentDelay);
            yield return new("OTEL_BSP_SCHEDULE_DELAY", DevelopmentDelay);
            yield return new("OTEL_METRIC_EXPORT_INTERVAL", DevelopmentDelay);
            yield return new("OTEL_TRACES_SAMPLER", "always_on");
            yield return new("OTEL_METRICS_EXEMPLAR_FILTER", "trace_based");
        }
    }
}
