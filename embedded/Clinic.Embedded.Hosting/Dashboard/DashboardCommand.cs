using Clinic.Embedded.Hosting.Processes;

namespace Clinic.Embedded.Hosting.Dashboard;

/// <summary>How the dashboard's program is run: everything it needs to know is in its environment.</summary>
internal static class DashboardCommand
{
    public static ProcessSpec For(string program, DashboardSettings settings)
    {
        var environment = ProcessEnvironment.OfTools();

        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment["ASPNETCORE_URLS"] = Text(settings.Frontend);
        environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Text(settings.OtlpGrpc);
        environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = Text(settings.ResourceService);
        environment["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] = "true";
        environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";

        environment["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken";
        environment["DASHBOARD__FRONTEND__BROWSERTOKEN"] = settings.BrowserToken;
        environment["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey";
        environment["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = settings.ResourceServiceApiKey;
        environment["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey";
        environment["DASHBOARD__OTLP__PRIMARYAPIKEY"] = settings.OtlpApiKey;
        environment["DASHBOARD__API__AUTHMODE"] = "ApiKey";
        environment["DASHBOARD__API__PRIMARYAPIKEY"] = settings.TelemetryApiKey;

        if (settings.OtlpHttp is { } otlpHttp)
        {
            environment["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = Text(otlpHttp);
        }

        return new()
        {
            FileName = program,
            Arguments = ["dashboard"],
            WorkingDirectory = Path.GetDirectoryName(program)!,
            Environment = environment,
        };
    }

    private static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
