using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Embedded;

/// <summary>What the real dashboard has of one booking through the pages.</summary>
public sealed class BookingTraceTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task One_booking_is_one_trace_from_the_web_to_Postgres_and_Redis_with_its_log_line_and_no_personal_data()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await using var app = await ClinicApp.StartAsync(["web"], change: null, "--ClinicDashboard=true", "--Seed:Patients=1", "--Seed:AppointmentsPerDoctor=0");
        var settings = await DashboardTests.DashboardOfAsync(app, limit.Token);
        using var telemetry = new HttpClient { BaseAddress = settings.Frontend };
        telemetry.DefaultRequestHeaders.Add("x-api-key", settings.TelemetryApiKey);
        var patient = new[] { "Hildegunda Xquenda", $"T{Random.Shared.NextInt64(1_000_000_000):000000000}", $"{Guid.NewGuid():N}@patients.example" };

        var id = await BookAsync(app, patient);

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        string? trace;
        List<Span> spans;
        do
        {
            await timer.WaitForNextTickAsync(limit.Token);
            spans = SpansOf(await telemetry.GetFromJsonAsync<JsonElement>("/api/telemetry/traces", limit.Token));
            trace = spans.FirstOrDefault(s => s.Attribute("clinic.appointment.id") == id)?.TraceId;
            spans = [.. spans.Where(s => s.TraceId == trace)];
        }
        while (trace is null || !spans.Any(s => s is { Service: "web", Parent: null }));

        Assert.Contains(spans, s => s is { Service: "web", Name: "POST /doctors/{Id}/book" } && s.Attribute("http.route") == "/doctors/{Id}/book" && s.Attribute("http.response.status_code") == "302");
        Assert.Contains(spans, s => s is { Service: "api", Name: "POST /api/appointments" } && s.Attribute("http.response.status_code") == "201");
        Assert.Contains(spans, s => s is { Service: "api", Name: "BATCH INSERT clinic.appointments" });
        Assert.Contains(spans, s => s.Service == "api" && s.Attribute("db.system.name") == "redis");

        var logs = await telemetry.GetStringAsync("/api/telemetry/logs", limit.Token);
        Assert.Contains($"\"traceId\":\"{trace}\"", logs, StringComparison.Ordinal);
        var all = logs + await telemetry.GetStringAsync("/api/telemetry/traces", limit.Token);
        Assert.All(patient, secret => Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<string> BookAsync(DistributedApplication app, string[] patient)
    {
        using var api = app.CreateHttpClient("api");
        var slot = await api.FreeTimeNextWeekAsync();
        var doctor = (await api.GetFromJsonAsync<DoctorDetails>($"/api/doctors/{slot.DoctorId}", ClinicJson.Options))!;
        var treatment = doctor.Treatments.Where(t => t.Modalities.Contains(slot.Modality)).MinBy(t => t.DurationMinutes)!;

        var page = await browser.OpenAsync(app.GetEndpoint("web"));
        await page.GotoAsync($"/doctors/{doctor.Id}/book?treatmentId={treatment.Id}&modality=in_person&start={Uri.EscapeDataString(slot.Start.ToString("O"))}");
        await page.SignInAsync(api, patient[2]);
        await page.Locator("#full-name").FillAsync(patient[0]);
        await page.Locator("#document-number").FillAsync(patient[1]);
        await page.Locator("#phone").FillAsync("+51 999 999 999");
        await page.Locator("#book").ClickAsync();
        await page.ArriveAtAsync(new Regex("/appointments/"));
        return new Uri(page.Url).Segments[^1];
    }

    private static List<Span> SpansOf(JsonElement traces) =>
    [
        .. from resource in traces.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
           let service = Attribute(resource.GetProperty("resource"), "service.name")
           from scope in resource.GetProperty("scopeSpans").EnumerateArray()
           from span in scope.GetProperty("spans").EnumerateArray()
           select new Span(service, span),
    ];

    private static string? Attribute(JsonElement owner, string key) =>
        owner.TryGetProperty("attributes", out var attributes)
        && attributes.EnumerateArray().FirstOrDefault(a => a.GetProperty("key").GetString() == key) is { ValueKind: JsonValueKind.Object } attribute
            ? attribute.GetProperty("value").EnumerateObject().First().Value.ToString()
            : null;

    private sealed record Span(string? Service, JsonElement Json)
    {
        public string TraceId => Json.GetProperty("traceId").GetString()!;

        public string Name => Json.GetProperty("name").GetString()!;

        public string? Parent => Json.TryGetProperty("parentSpanId", out var parent) && parent.GetString() is { Length: > 0 } id ? id : null;

        public string? Attribute(string key) => BookingTraceTests.Attribute(Json, key);
    }
}
