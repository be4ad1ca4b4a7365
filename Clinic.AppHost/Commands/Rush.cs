using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Clinic.AppHost.Commands;

/// <summary>
/// Patients who all come at once: each signs in, looks at a doctor's times, books one of them and thinks better of it, again
/// and again. Several reach for the same time, so some are refused. Their codes come from Development's mailbox.
/// </summary>
/// <param name="api">The address of the API.</param>
internal sealed class Rush(Uri api)
{
    private const int Patients = 20;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, int> _answers = new();

    /// <returns>How often the API gave which answer.</returns>
    /// <exception cref="HttpRequestException">The API cannot be reached, or does not let anybody in.</exception>
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
        await Task.WhenAll(Enumerable.Range(1, Patients).Select(_ => VisitAsync(choices, end.Token)));
        cancellationToken.ThrowIfCancellationRequested();

        return string.Join(", ", _answers.OrderBy(answer => answer.Key, StringComparer.Ordinal).Select(answer => $"{answer.Value} × {answer.Key}"));
    }

    private async Task VisitAsync(JsonElement[] doctors, CancellationToken end)
    {
        using var client = new HttpClient { BaseAddress = api, Timeout = Patience };
        try
        {
            await SignInAsync(client, end);
            while (!end.IsCancellationRequested)
            {
                await BookAndCancelAsync(client, doctors[Random.Shared.Next(doctors.Length)].GetProperty("id").GetString()!, end);
            }
        }
        catch (OperationCanceledException)
        {
            // The rush is over, or an answer took too long.
        }
    }

    private static async Task SignInAsync(HttpClient client, CancellationToken cancellationToken)
    {
        // Reserved for examples (RFC 2606): no letter ever reaches anybody.
        var email = $"rush-{Guid.NewGuid():N}@example.com";
        using (var sent = await client.PostAsJsonAsync("/api/auth/code", new { email }, cancellationToken))
        {
            sent.EnsureSuccessStatusCode();
        }

        var mail = await client.GetFromJsonAsync<JsonElement>($"/dev/mail?to={email}", cancellationToken);
        // The code is the first word of the subject.
        var code = mail.GetProperty("items")[0].GetProperty("subject").GetString()!.Split(' ')[0];
        using var tokens = await client.PostAsJsonAsync("/api/auth/token", new { email, code }, cancellationToken);
        tokens.EnsureSuccessStatusCode();
        var accessToken = (await tokens.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("accessToken").GetString();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
    }

    private async Task BookAndCancelAsync(HttpClient client, string doctorId, CancellationToken cancellationToken)
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
