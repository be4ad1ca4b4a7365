using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Fixtures;

/// <summary>A test against one instance of the API, with a doctor and patients of its own.</summary>
public abstract class ApiTest(ClinicApp app) : IAsyncLifetime
{
    internal ApiInstance Api { get; private set; } = null!;

    protected ClinicApp App => app;

    /// <summary>The front desk.</summary>
    protected HttpClient Client => Api.Client;

    protected Guid DoctorId { get; private set; }

    protected Guid TreatmentId { get; private set; }

    protected Guid PatientId { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Api = ApiInstance.Start(app);
        await using var db = app.OpenDatabase();
        (DoctorId, TreatmentId) = await db.AddDoctorAsync();
        PatientId = (await db.AddPatientsAsync(1)).Single();
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A wall time in Lima of the week that the clock stands in, as <c>"05T09:00"</c> for 5 March 2030.</summary>
    protected static DateTimeOffset Lima(string dayAndTime) =>
        DateTimeOffset.Parse($"2030-03-{dayAndTime}:00-05:00", System.Globalization.CultureInfo.InvariantCulture);

    protected BookAppointment Visit(string start, Guid? patientId = null, Guid? doctorId = null, Guid? treatmentId = null) => new()
    {
        DoctorId = doctorId ?? DoctorId,
        TreatmentId = treatmentId ?? TreatmentId,
        PatientId = patientId ?? PatientId,
        Start = Lima(start),
        Modality = Modality.InPerson,
    };

    protected async Task<AppointmentDetails> BookAsync(string start, Guid? patientId = null) =>
        await ReadAsync<AppointmentDetails>(await PostAsync("/api/appointments", Visit(start, patientId)), HttpStatusCode.Created);

    /// <summary>A client whose calls come from that patient instead of the front desk.</summary>
    protected HttpClient AsPatient(Guid patientId) => Api.AsPatient(patientId);

    protected async Task<AppointmentDetails> HoldAsync(string start, Guid? patientId = null) => await ReadAsync<AppointmentDetails>(
        await PostAsync("/api/appointments", Visit(start, patientId) with { Hold = true }), HttpStatusCode.Created);

    /// <summary>Does something to a visit that needs no body, as <c>"check-in"</c>.</summary>
    protected Task<HttpResponseMessage> DoAsync(Guid id, string what, string? idempotencyKey = null, string? ifMatch = null, HttpClient? client = null) =>
        SendAsync(HttpMethod.Post, $"/api/appointments/{id}/{what}", null, idempotencyKey, ifMatch, client);

    protected async Task<IReadOnlyList<HistoryEntry>> HistoryAsync(Guid id) =>
        (await ReadAsync<ItemList<HistoryEntry>>(await Client.GetAsync($"/api/appointments/{id}/history"))).Items;

    /// <summary>Asks Postgres itself, over everything that any test has written.</summary>
    protected async Task AssertNoOverlapAsync()
    {
        await using var db = App.OpenDatabase();
        var overlaps = await db.Database.SqlQuery<int>(
            $"""
            SELECT count(*)::int AS "Value" FROM clinic.appointments a JOIN clinic.appointments b
              ON a.id < b.id AND a.during && b.during AND (a.doctor_id = b.doctor_id OR a.patient_id = b.patient_id)
            WHERE a.status NOT IN ('cancelled', 'no_show') AND b.status NOT IN ('cancelled', 'no_show')
            """).SingleAsync();
        Assert.Equal(0, overlaps);
    }

    protected Task<HttpResponseMessage> PostAsync(string path, object body, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, body, idempotencyKey);

    protected Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, object? body = null, string? idempotencyKey = null, string? ifMatch = null, HttpClient? client = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: ClinicJson.Options);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return (client ?? Client).SendAsync(request);
    }

    protected static async Task<T> ReadAsync<T>(HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<T>(ClinicJson.Options))!;
    }

    /// <summary>The starts that are free on a day of that week, as wall times in Lima.</summary>
    protected async Task<string> FreeTimesAsync(string day, HttpClient? client = null)
    {
        var response = await (client ?? Client).GetAsync($"/api/doctors/{DoctorId}/slots?from=2030-03-{day}&to=2030-03-{day}&treatmentId={TreatmentId}");
        var slots = await ReadAsync<DoctorSlots>(response);
        return string.Join(' ', slots.Days.Single().Slots.Select(s => s.Start.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>Asserts a problem with this status and code, of the right media type and without a stack trace.</summary>
    protected static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"Expected {status} {code}, got {(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        return problem;
    }
}
