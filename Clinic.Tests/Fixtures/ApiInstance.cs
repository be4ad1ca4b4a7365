using System.Net.Http.Headers;
using Clinic.Api.Auth;
using Clinic.Api.Problems;
using Clinic.Core.Accounts;
using Clinic.Data.Accounts;
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
    /// <summary>Whose token <see cref="Client"/> sends.</summary>
    public static readonly Guid StaffAccount = Guid.Parse("0195a6f0-0000-7000-8000-000000000001");

    private readonly string _database;
    private readonly string _redis;

    private readonly TelemetryProbe? _telemetry;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private Uri _address = null!;

    private ApiInstance(
        string database, string redis, FixedClock clock, TelemetryProbe? telemetry, IReadOnlyDictionary<string, string?> settings)
    {
        _database = database;
        _redis = redis;
        _telemetry = telemetry;
        _settings = settings;
        Clock = clock;
    }

    public FixedClock Clock { get; }

    /// <summary>The front desk.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Somebody who has not signed in.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    public static ApiInstance Start(
        ClinicApp app, FixedClock? clock = null, TelemetryProbe? telemetry = null, IReadOnlyDictionary<string, string?>? settings = null) =>
        Start(app.Database, app.Redis, clock, telemetry, settings);

    public static ApiInstance Start(
        string database,
        string redis,
        FixedClock? clock = null,
        TelemetryProbe? telemetry = null,
        IReadOnlyDictionary<string, string?>? settings = null)
    {
        var api = new ApiInstance(database, redis, clock ?? new FixedClock(), telemetry, settings ?? new Dictionary<string, string?>());
        api.UseKestrel(0);
        api.StartServer();
        api.Anonymous = api.CreateClient();
        api._address = api.Anonymous.BaseAddress!;
        api.Client = api.As(AccountRole.Staff, accountId: StaffAccount);
        return api;
    }

    /// <summary>A client with an access token of that role, a new one for each request: the clock may be moved meanwhile.</summary>
    public HttpClient As(AccountRole role, Guid? patientId = null, Guid? doctorId = null, Guid? accountId = null)
    {
        var account = new Account
        {
            Id = accountId ?? Guid.CreateVersion7(),
            Email = "somebody@clinic.example",
            Role = role,
            PatientId = patientId,
            DoctorId = doctorId,
            CreatedAt = FixedClock.Start,
        };
        return new HttpClient(new TokenHandler(() => Services.GetRequiredService<AccessTokens>().Issue(account, Guid.Empty))) { BaseAddress = _address };
    }

    public HttpClient AsPatient(Guid patientId) => As(AccountRole.Patient, patientId: patientId);

    public HttpClient AsDoctor(Guid doctorId) => As(AccountRole.Doctor, doctorId: doctorId);

    protected override IHost CreateHost(IHostBuilder builder)
    {
        builder.ConfigureHostConfiguration(configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:clinicdb"] = _database,
            ["ConnectionStrings:cache"] = _redis,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _telemetry?.Endpoint,
            ["Auth:SigningKey"] = "a secret that all instances of these tests share",
        }).AddInMemoryCollection(_settings));
        return base.CreateHost(builder);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(Clock));
        builder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Critical));
        _telemetry?.Attach(builder);
    }

    private sealed class TokenHandler(Func<string> token) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", token());
            return base.SendAsync(request, cancellationToken);
        }
    }
}
