using System.Globalization;
using System.Net.Http.Headers;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Web.Sessions;
using Clinic.Web.Wording;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Clinic.Web.Api;

/// <summary>
/// The clinic's HTTP API, the only way in which pages reach data, on behalf of whoever is signed in. Nothing here throws for what the API says or for its
/// not answering: that comes back as the <see cref="Answer{T}"/>'s problem.
/// </summary>
/// <remarks>
/// Reads stop when the visitor goes away. Writes take no cancellation: once sent they are seen through, so that an
/// impatient second click finds the first one's result.
/// </remarks>
public sealed class ClinicApi(HttpClient http, TimeProvider clock, ILogger<ClinicApi> logger)
{
    private const string IdempotencyKey = "Idempotency-Key";

    /// <summary>The name under which service addresses know the API.</summary>
    internal static readonly Uri Address = new("http://api");

    /// <summary>A visitor who waits longer than this is better served by a page that says so.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // A doubled request waits at most this long in all for its twin: 10 × 300 ms.
    private const int InFlightTries = 10;
    private static readonly TimeSpan InFlightPause = TimeSpan.FromMilliseconds(300);

    public Task<Answer<SearchChoices>> Choices(CancellationToken cancel) =>
        Get<SearchChoices>("/api/doctors/choices", [], cancel);

    public Task<Answer<Page<DoctorSummary>>> SearchDoctors(
        string? q, string? specialty, string? city, Modality? modality, decimal? maxPrice, int page, int pageSize, CancellationToken cancel) =>
        Get<Page<DoctorSummary>>(
            "/api/doctors",
            new()
            {
                ["q"] = q,
                ["specialty"] = specialty,
                ["city"] = city,
                ["modality"] = Wire.Of(modality),
                ["maxPrice"] = maxPrice?.ToString(CultureInfo.InvariantCulture),
                ["page"] = page.ToString(CultureInfo.InvariantCulture),
                ["pageSize"] = pageSize.ToString(CultureInfo.InvariantCulture),
            },
            cancel);

    /// <summary>The earliest free times of these doctors, at most <paramref name="perDoctor"/> of each, by start.</summary>
    public Task<Answer<ItemList<FoundSlot>>> EarliestTimes(
        IEnumerable<Guid> doctorIds, Modality? modality, DateOnly from, DateOnly to, TimeZoneInfo zone, int perDoctor, CancellationToken cancel) =>
        Get<ItemList<FoundSlot>>(
            QueryHelpers.AddQueryString("/api/slots", doctorIds.Select(id => KeyValuePair.Create("doctorId", new StringValues(id.ToString())))),
            new()
            {
                ["modality"] = Wire.Of(modality),
                ["from"] = Wire.Of(from),
                ["to"] = Wire.Of(to),
                ["timeZone"] = zone.Id,
                ["perDoctor"] = perDoctor.ToString(CultureInfo.InvariantCulture),
                ["limit"] = "100",
            },
            cancel);

    public Task<Answer<DoctorDetails>> Doctor(Guid id, CancellationToken cancel) =>
        Get<DoctorDetails>($"/api/doctors/{id}", [], cancel);

    /// <summary>Free times of one doctor on the local days <paramref name="from"/>…<paramref name="to"/> of <paramref name="zone"/>, at most 31.</summary>
    public Task<Answer<DoctorSlots>> FreeTimes(
        Guid doctorId, Guid treatmentId, Modality modality, DateOnly from, DateOnly to, TimeZoneInfo zone, CancellationToken cancel) =>
        Get<DoctorSlots>(
            $"/api/doctors/{doctorId}/slots",
            new()
            {
                ["from"] = Wire.Of(from),
                ["to"] = Wire.Of(to),
                ["treatmentId"] = treatmentId.ToString(),
                ["modality"] = Wire.Of(modality),
                ["timeZone"] = zone.Id,
            },
            cancel);

    /// <summary>Who the visitor is, and what is known of them.</summary>
    public Task<Answer<Me>> Me(CancellationToken cancel) => Get<Me>("/api/me", [], cancel);

    public Task<Answer<Me>> Update(UpdateMe update) => Write<Me>(HttpMethod.Put, "/api/me", update);

    public Task<Answer<PatientDetails>> Patient(Guid id, CancellationToken cancel) =>
        Get<PatientDetails>($"/api/patients/{id}", [], cancel);

    public Task<Answer<AppointmentDetails>> Book(BookAppointment booking, Guid key) =>
        Write<AppointmentDetails>(HttpMethod.Post, "/api/appointments", booking, key);

    public Task<Answer<AppointmentDetails>> Appointment(Guid id, CancellationToken cancel) =>
        Get<AppointmentDetails>($"/api/appointments/{id}", [], cancel);

    /// <summary>Visits of a patient that start from <paramref name="from"/> on and before <paramref name="to"/>, by start.</summary>
    public Task<Answer<Page<AppointmentDetails>>> Appointments(
        Guid patientId, DateTimeOffset? from, DateTimeOffset? to, int page, int pageSize, CancellationToken cancel) =>
        Get<Page<AppointmentDetails>>(
            "/api/appointments",
            new()
            {
                ["patientId"] = patientId.ToString(),
                ["from"] = from is { } first ? Wire.Of(first) : null,
                ["to"] = to is { } end ? Wire.Of(end) : null,
                ["page"] = page.ToString(CultureInfo.InvariantCulture),
                ["pageSize"] = pageSize.ToString(CultureInfo.InvariantCulture),
            },
            cancel);

    public Task<Answer<ItemList<HistoryEntry>>> History(Guid appointmentId, CancellationToken cancel) =>
        Get<ItemList<HistoryEntry>>($"/api/appointments/{appointmentId}/history", [], cancel);

    /// <summary>Moves a visit, if it is still as the <paramref name="version"/> that was shown.</summary>
    public Task<Answer<AppointmentDetails>> Move(Guid id, MoveAppointment move, uint version, Guid key) =>
        Write<AppointmentDetails>(HttpMethod.Put, $"/api/appointments/{id}", move, key, version);

    /// <summary>Cancels a visit, if it is still as the <paramref name="version"/> that was shown.</summary>
    public Task<Answer<AppointmentDetails>> Cancel(Guid id, string? reason, uint version, Guid key) =>
        Write<AppointmentDetails>(
            HttpMethod.Delete,
            QueryHelpers.AddQueryString($"/api/appointments/{id}", new Dictionary<string, string?> { ["reason"] = reason }),
            null,
            key,
            version);

    private Task<Answer<T>> Get<T>(string path, Dictionary<string, string?> query, CancellationToken cancel)
        where T : class =>
        Send<T>(() => new HttpRequestMessage(HttpMethod.Get, QueryHelpers.AddQueryString(path, query)), cancel);

    private async Task<Answer<T>> Write<T>(HttpMethod method, string path, object? body, Guid? key = null, uint? version = null)
        where T : class
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await Send<T>(Request, CancellationToken.None);
            if (answer.Ok || answer.Problem.Code != ProblemCodes.RequestInFlight || tries == InFlightTries)
            {
                return answer;
            }

            // The twin of a double submit is still at work; asked again with the same key, the API repeats its answer.
            await Task.Delay(InFlightPause, clock);
        }

        HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(method, path);
            if (body is not null)
            {
                request.Content = JsonContent.Create(body, body.GetType(), options: ClinicJson.Options);
            }

            if (key is not null)
            {
                request.Headers.Add(IdempotencyKey, key.ToString());
            }

            if (version is not null)
            {
                request.Headers.IfMatch.Add(new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{version}\"")));
            }

            return request;
        }
    }

    private async Task<Answer<T>> Send<T>(Func<HttpRequestMessage> create, CancellationToken cancel)
        where T : class
    {
        using var request = create();
        return await ApiExchange.Send<T>(http, request, logger, cancel);
    }
}

public static class ClinicApiRegistration
{
    public static void AddClinicApi(this IServiceCollection services) =>
        services.AddHttpClient<ClinicApi>(http => (http.BaseAddress, http.Timeout) = (ClinicApi.Address, ClinicApi.Patience))
            .AddHttpMessageHandler<VisitorAddressHandler>()
            .AddHttpMessageHandler<VisitorTokenHandler>();
}
