using Clinic.Api.Problems;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Clinic.Tests.Fixtures;

/// <summary>One instance of the API on a real Kestrel port, with its own pools and caches, and a clock that stands still.</summary>
internal sealed class ApiInstance : WebApplicationFactory<ClinicProblem>
{
    private readonly string _database;
    private readonly string _redis;

    private readonly TelemetryProbe? _telemetry;

    private ApiInstance(string database, string redis, FixedClock clock, TelemetryProbe? telemetry)
    {
        _database = database;
        _redis = redis;
        _telemetry = telemetry;
        Clock = clock;
    }

    public FixedClock Clock { get; }

    public HttpClient Client { get; private set; } = null!;

    public static ApiInstance Start(ClinicApp app, FixedClock? clock = null, TelemetryProbe? telemetry = null) =>
        Start(app.Database, app.Redis, clock, telemetry);

    public static ApiInstance Start(string database, string redis, FixedClock? clock = null, TelemetryProbe? telemetry = null)
    {
        var api = new ApiInstance(database, redis, clock ?? new FixedClock(), telemetry);
        api.UseKestrel(0);
        api.StartServer();
        api.Client = api.CreateClient();
        return api;
    }

    protected override IHost CreateHost(IHostBuilder builder)
    {
        builder.ConfigureHostConfiguration(configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:clinicdb"] = _database,
            ["ConnectionStrings:cache"] = _redis,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _telemetry?.Endpoint,
        }));
        return base.CreateHost(builder);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(Clock));
        builder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Critical));
        _telemetry?.Attach(builder);
    }
}
