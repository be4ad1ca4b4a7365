using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Api;

/// <summary>R3: what happens while Redis or Postgres is down. Runs an app of its own, whose parts it stops and starts.</summary>
public sealed class DependencyTests
{
    [Fact]
    public async Task R3_without_Redis_free_times_and_bookings_are_right_and_health_is_degraded()
    {
        await using var app = await ClinicApp.StartAsync(["api"]);
        using var client = app.CreateHttpClient("api");
        await client.SignInAsync();
        var slot = await client.FreeTimeNextWeekAsync();
        await SlotsAsync(client, slot.DoctorId, slot.Start);

        await CommandAsync(app, "cache", KnownResourceCommands.StopCommand);

        var health = await client.GetFromJsonAsync<JsonElement>("/health");
        Assert.Equal("Degraded", health.GetProperty("status").GetString());
        Assert.Contains(slot.Start, await SlotsAsync(client, slot.DoctorId, slot.Start));
        using (var booked = await BookAsync(client, slot))
        {
            Assert.Equal(HttpStatusCode.Created, booked.StatusCode);
        }

        Assert.DoesNotContain(slot.Start, await SlotsAsync(client, slot.DoctorId, slot.Start));
        using (var again = await BookAsync(client, slot))
        {
            Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        }

        await CommandAsync(app, "cache", KnownResourceCommands.StartCommand);
        await UntilAsync(async () => (await client.GetFromJsonAsync<JsonElement>("/health")).GetProperty("status").GetString() == "Healthy");
        Assert.DoesNotContain(slot.Start, await SlotsAsync(client, slot.DoctorId, slot.Start));
    }

    [Fact]
    public async Task R3_without_Postgres_calls_answer_503_and_recover_by_themselves()
    {
        await using var app = await ClinicApp.StartAsync(["api"]);
        using var client = app.CreateHttpClient("api");
        await client.SignInAsync();
        var slot = await client.FreeTimeNextWeekAsync();

        await CommandAsync(app, "postgres", KnownResourceCommands.StopCommand);

        foreach (var path in new[] { "/api/doctors", "/api/slots", $"/api/doctors/{slot.DoctorId}", $"/api/doctors/{slot.DoctorId}/slots", $"/api/appointments/{Guid.NewGuid()}" })
        {
            using var response = await client.GetAsync(path);
            await AssertUnavailableAsync(response);
        }

        using (var response = await client.PostAsJsonAsync("/api/patients", new RegisterPatient { FullName = "A", Email = "a@patients.example" }, ClinicJson.Options))
        {
            await AssertUnavailableAsync(response);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive")).StatusCode);

        await CommandAsync(app, "postgres", KnownResourceCommands.StartCommand);
        await UntilAsync(async () => (await client.GetAsync("/health")).IsSuccessStatusCode);
        using var booked = await BookAsync(client, slot);
        Assert.Equal(HttpStatusCode.Created, booked.StatusCode);
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{response.RequestMessage?.RequestUri}: {(int)response.StatusCode} {text}");
        Assert.Equal("dependency_unavailable", JsonSerializer.Deserialize<JsonElement>(text).GetProperty("code").GetString());
        Assert.NotNull(response.Headers.RetryAfter);
    }

    private static async Task CommandAsync(DistributedApplication app, string resource, string command)
    {
        var result = await app.ResourceCommands.ExecuteCommandAsync(resource, command);
        Assert.True(result.Success, $"{command} {resource}: {result.Message}");
    }

    private static async Task<IEnumerable<DateTimeOffset>> SlotsAsync(HttpClient client, Guid doctorId, DateTimeOffset near)
    {
        var day = DateOnly.FromDateTime(near.DateTime).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var slots = await client.GetFromJsonAsync<DoctorSlots>($"/api/doctors/{doctorId}/slots?from={day}&to={day}", ClinicJson.Options);
        return slots!.Days.SelectMany(d => d.Slots).Select(s => s.Start);
    }

    private static async Task<HttpResponseMessage> BookAsync(HttpClient client, FoundSlot slot)
    {
        var doctor = (await client.GetFromJsonAsync<DoctorDetails>($"/api/doctors/{slot.DoctorId}", ClinicJson.Options))!;
        var registration = new RegisterPatient { FullName = "Rosa Quispe", Email = $"{Guid.NewGuid():N}@patients.example" };
        using var registered = await client.PostAsJsonAsync("/api/patients", registration, ClinicJson.Options);
        var patient = (await registered.Content.ReadFromJsonAsync<PatientDetails>(ClinicJson.Options))!;
        var visit = new BookAppointment
        {
            DoctorId = slot.DoctorId,
            TreatmentId = doctor.Treatments.Where(t => t.Modalities.Contains(slot.Modality)).MinBy(t => t.DurationMinutes)!.Id,
            PatientId = patient.Id,
            Start = slot.Start,
            Modality = slot.Modality,
        };
        return await client.PostAsJsonAsync("/api/appointments", visit, ClinicJson.Options);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
