using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;

namespace Clinic.AppHost.Commands;

/// <summary>
/// Patients who all come at once: each searches, looks at a doctor's times, books one of them and thinks better of it, again and again. Several reach for
/// the same time, so some are refused.
/// </summary>
/// <param name="api">The address of the API.</param>
internal sealed class Rush(Uri api)
{
    private const int Patients = 20;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, int> _answers = new();

    /// <returns>How often the API gave which answer.</returns>
    /// <exception cref="HttpRequestException">The API cannot be reached, or does not let anybody register.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = api, Timeout = Patience };
        var doctors = await client.GetFromJsonAsync<JsonElement>("/api/doctors?pageSize=20", cancellationToken);
        JsonElement[] choices = [.. doctors.GetProperty("items").EnumerateArray()];
        if (choices.Length == 0)
        {
            return "no doctors to visit";
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(Length);
        await Task.WhenAll(Enumerable.Range(1, Patients).Select(number => VisitAsync(client, number, choices, end.Token)));
        cancellationToken.ThrowIfCancellationRequested();

        return string.Join(", ", _answers.OrderBy(answer => answer.Key, StringComparer.Ordinal).Select(answer => $"{answer.Value} × {answer.Key}"));
    }

    private async Task VisitAsync(HttpClient client, int number, JsonElement[] doctors, CancellationToken end)
    {
        try
        {
            var patient = await RegisterAsync(client, number, end);

            while (!end.IsCancellationRequested)
            {
                await BookAndCancelAsync(client, patient, doctors[Random.Shared.Next(doctors.Length)].GetProperty("id").GetString()!, end);
            }
        }
        catch (OperationCanceledException)
        {
            // The rush is over, or an answer took too long.
        }
    }

    private static async Task<string> RegisterAsync(HttpClient client, int number, CancellationToken cancellationToken)
    {
        // Reserved for examples (RFC 2606): no letter ever reaches anybody.
        var person = new { fullName = $"Rush Patient {number}", email = $"rush-{Guid.NewGuid():N}@example.com" };
        using var response = await client.PostAsJsonAsync("/api/patients", person, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetString()!;
    }

    private async Task BookAndCancelAsync(HttpClient client, string patientId, string doctorId, CancellationToken cancellationToken)
    {
        var doctor = await GetAsync(client, "search", $"/api/doctors/{doctorId}", cancellationToken);
        var times = await GetAsync(client, "times", $"/api/doctors/{doctorId}/slots", cancellationToken);
        if (doctor is not { } details || times is not { } free || FirstTimeOf(free) is not { } slot)
        {
            return;
        }

        var modality = slot.GetProperty("modality").GetString();
        var treatment = details.GetProperty("treatments").EnumerateArray()
            .FirstOrDefault(candidate => candidate.GetProperty("modalities").EnumerateArray().Any(m => m.GetString() == modality));
        if (treatment.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var visit = new
        {
            doctorId,
            patientId,
            treatmentId = treatment.GetProperty("id").GetString(),
            start = slot.GetProperty("start").GetString(),
            modality,
        };

        // From here to its end even when the rush is over: no made-up visit is to stay.
        using var booked = await client.PostAsJsonAsync("/api/appointments", visit, CancellationToken.None);
        Count("booking", booked);

        if (booked.IsSuccessStatusCode)
        {
            using var cancelled = await client.DeleteAsync(booked.Headers.Location, CancellationToken.None);
            Count("cancellation", cancelled);
        }
    }

    private async Task<JsonElement?> GetAsync(HttpClient client, string what, string path, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(path, cancellationToken);
        Count(what, response);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken) : null;
    }

    private static JsonElement? FirstTimeOf(JsonElement times) =>
        times.GetProperty("days").EnumerateArray().SelectMany(day => day.GetProperty("slots").EnumerateArray()).Take(3).ToArray() is { Length: > 0 } early
            ? early[Random.Shared.Next(early.Length)]
            : null;

    private void Count(string what, HttpResponseMessage response) =>
        _answers.AddOrUpdate($"{what} {(int)response.StatusCode}", 1, (_, count) => count + 1);
}
