using System.Security.Cryptography;
using Clinic.Embedded.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;

namespace Clinic.Embedded.Hosting.Dashboard;

/// <summary>
/// Where the dashboard listens and what lets one in. Addresses come from the AppHost's launch profile, under the names that Aspire reads;
/// keys are new for every run unless the configuration has them. All of it is written back to the configuration, where tests find it.
/// </summary>
internal sealed record DashboardSettings
{
    private const string SwitchKey = "ClinicDashboard";
    private const int KeyBytes = 16;

    /// <summary>The pages, for people.</summary>
    public required Uri Frontend { get; init; }

    /// <summary>Takes telemetry over gRPC.</summary>
    public required Uri OtlpGrpc { get; init; }

    /// <summary>Takes telemetry over HTTP; nowhere unless the configuration says so.</summary>
    public required Uri? OtlpHttp { get; init; }

    /// <summary>Where this process tells the dashboard about the resources.</summary>
    public required Uri ResourceService { get; init; }

    public required string BrowserToken { get; init; }

    public required string OtlpApiKey { get; init; }

    public required string ResourceServiceApiKey { get; init; }

    /// <summary>For <c>/api/telemetry</c>, in the header <c>x-api-key</c>.</summary>
    public required string TelemetryApiKey { get; init; }

    /// <summary>Opens the dashboard without asking for the token.</summary>
    public string LoginUrl => new Uri(Frontend, $"/login?t={BrowserToken}").ToString();

    public IEnumerable<Uri> Addresses => OtlpHttp is null ? [Frontend, OtlpGrpc, ResourceService] : [Frontend, OtlpGrpc, OtlpHttp, ResourceService];

    /// <returns>Nothing when there is to be no dashboard: <c>ClinicDashboard=false</c>, or a test that has not asked for it.</returns>
    public static DashboardSettings? Read(ConfigurationManager configuration, bool isTest, PortAllocator ports)
    {
        if (!configuration.GetValue(SwitchKey, defaultValue: !isTest))
        {
            return null;
        }

        var randomize = configuration.GetValue(Orchestrator.RandomizePortsKey, isTest);

        Uri Address(string key)
        {
            // An application may listen on several addresses; the dashboard's links need one.
            var configured = randomize ? null : configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
            configuration[key] = configured ?? $"http://localhost:{ports.Allocate()}";
            return new Uri(configuration[key]!);
        }

        string Key(string key) => configuration[key] ??= Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));

        const string otlpHttp = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";
        return new()
        {
            Frontend = Address("ASPNETCORE_URLS"),
            OtlpGrpc = Address("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"),
            OtlpHttp = configuration[otlpHttp] is { Length: > 0 } ? Address(otlpHttp) : null,
            ResourceService = Address("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"),
            BrowserToken = Key("AppHost:BrowserToken"),
            OtlpApiKey = Key("AppHost:OtlpApiKey"),
            ResourceServiceApiKey = Key("AppHost:ResourceService:ApiKey"),
            TelemetryApiKey = Key("AppHost:DashboardApiKey"),
        };
    }
}
