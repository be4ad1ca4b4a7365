using System.Net;
using System.Net.Http.Json;
using Aspire.Hosting.Testing;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.AppHost;

/// <summary>R25: the app as the AppHost starts it.</summary>
public sealed class WholeAppTests(ClinicApp app)
{
    [Fact]
    public async Task R25_web_and_API_are_healthy_and_the_seed_is_there()
    {
        using var api = app.App.CreateHttpClient("api");
        using var web = app.App.CreateHttpClient("web");

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await web.GetAsync("/health")).StatusCode);
        var doctors = await api.GetFromJsonAsync<Page<DoctorSummary>>("/api/doctors?pageSize=100", ClinicJson.Options);
        Assert.True(doctors!.Total >= 20);
        var page = WebUtility.HtmlDecode(await web.GetStringAsync($"/doctors/{doctors.Items[0].Id}"));
        Assert.Contains(doctors.Items[0].FullName, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_seeded_doctor_has_free_times_within_the_week()
    {
        using var api = app.App.CreateHttpClient("api");
        var doctors = await api.GetFromJsonAsync<Page<DoctorSummary>>("/api/doctors?city=lima&pageSize=100", ClinicJson.Options);

        foreach (var doctor in doctors!.Items.Where(d => d.Specialty != "Testing"))
        {
            var slots = await api.GetFromJsonAsync<DoctorSlots>($"/api/doctors/{doctor.Id}/slots", ClinicJson.Options);
            Assert.NotEmpty(slots!.Days.SelectMany(d => d.Slots));
        }
    }

    [Fact]
    public async Task The_API_describes_itself_at_openapi_and_docs()
    {
        using var api = app.App.CreateHttpClient("api");

        var document = await api.GetFromJsonAsync<System.Text.Json.JsonElement>("/openapi/v1.json");
        Assert.True(document.GetProperty("paths").TryGetProperty("/api/appointments/{id}", out _));
        Assert.Contains("Clinic API", await api.GetStringAsync("/docs/index.html"), StringComparison.Ordinal);
    }
}
