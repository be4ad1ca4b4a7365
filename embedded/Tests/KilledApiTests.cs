using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Embedded;

/// <summary>R32: killing the API in the middle of bookings leaves each of them whole or not at all.</summary>
public sealed class KilledApiTests(ClinicApp clinic)
{
    private const int Bookings = 200;

    /// <summary>How many are answered when the API is killed: the others are on their way.</summary>
    private const int AnsweredFirst = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task R32_of_200_bookings_in_flight_when_the_API_is_killed_each_is_there_once_after_their_keys_are_replayed()
    {
        using var limit = new CancellationTokenSource(Patience);
        await using var app = await ClinicApp.StartAsync(["api"], change: null, "--Seed:AppointmentsPerDoctor=0");
        var database = (await app.GetConnectionStringAsync("clinicdb", limit.Token))!;
        using var api = app.CreateHttpClient("api");
        await api.SignInAsync();
        var visits = await VisitsAsync(api, database);

        var answered = new ConcurrentDictionary<string, AppointmentDetails>();
        var enough = new TaskCompletionSource();
        var inFlight = Task.WhenAll(visits.Select(async visit =>
        {
            if (await TryBookAsync(api, visit) is { } booked && answered.TryAdd(visit.Key, booked) && answered.Count >= AnsweredFirst)
            {
                enough.TrySetResult();
            }
        }));
        await enough.Task.WaitAsync(limit.Token);
        await KillAsync(app, limit.Token);
        await inFlight;
        Assert.InRange(answered.Count, AnsweredFirst, Bookings - 1);

        await app.ResourceCommands.ExecuteCommandAsync("api", KnownResourceCommands.StartCommand, limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", limit.Token);
        var replays = await Task.WhenAll(visits.Select(visit => ReplayAsync(api, visit, limit.Token)));

        // Who had an answer gets the same one, marked as a replay.
        foreach (var (key, details, isReplay) in replays.Where(r => answered.ContainsKey(r.Key)))
        {
            Assert.True(isReplay, $"{key} was answered before, and was done again.");
            Assert.Equal(answered[key], details);
        }

        await using var db = clinic.OpenDatabase(database);
        var ids = replays.Select(r => r.Details.Id).ToHashSet();
        Assert.Equal(Bookings, ids.Count);
        Assert.Equal(Bookings, await db.Appointments.CountAsync(limit.Token));
        Assert.Equal(Bookings, await db.AuditTrail.CountAsync(e => e.Action == AppointmentAction.Book, limit.Token));
        Assert.Equal(Bookings, await db.AuditTrail.Select(e => e.AppointmentId).Distinct().CountAsync(limit.Token));
        Assert.Equal(Bookings, await db.Outbox.CountAsync(m => m.Kind == Data.Messages.MessageKind.Booked, limit.Token));
        Assert.Equal(Bookings, await db.Outbox.Select(m => m.AppointmentId).Distinct().CountAsync(limit.Token));
        Assert.Equal(Bookings, await db.IdempotencyKeys.CountAsync(limit.Token));
    }

    /// <summary>Times that do not touch, of several doctors, each for a patient of its own.</summary>
    private async Task<List<KeyedVisit>> VisitsAsync(HttpClient api, string database)
    {
        await using var db = clinic.OpenDatabase(database);
        var patients = new Queue<Guid>(await db.AddPatientsAsync(Bookings));
        var visits = new List<KeyedVisit>();
        var doctors = (await api.GetFromJsonAsync<Page<DoctorSummary>>("/api/doctors?pageSize=100", ClinicJson.Options))!.Items;
        foreach (var summary in doctors.TakeWhile(_ => patients.Count > 0))
        {
            var doctor = (await api.GetFromJsonAsync<DoctorDetails>($"/api/doctors/{summary.Id}", ClinicJson.Options))!;
            var treatment = doctor.Treatments.MinBy(t => t.DurationMinutes)!;
            var from = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(7);
            var slots = await api.GetFromJsonAsync<DoctorSlots>(
                $"/api/doctors/{doctor.Id}/slots?treatmentId={treatment.Id}&from={from:yyyy-MM-dd}&to={from.AddDays(20):yyyy-MM-dd}", ClinicJson.Options);
            var free = DateTimeOffset.MinValue;
            foreach (var slot in slots!.Days.SelectMany(d => d.Slots).Where(_ => patients.Count > 0))
            {
                if (slot.Start >= free)
                {
                    // Further apart than any buffer.
                    free = slot.End.AddHours(1);
                    visits.Add(new KeyedVisit($"key-{visits.Count}", new BookAppointment
                    {
                        DoctorId = doctor.Id,
                        TreatmentId = treatment.Id,
                        PatientId = patients.Dequeue(),
                        Start = slot.Start,
                        Modality = slot.Modality,
                    }));
                }
            }
        }

        Assert.Equal(Bookings, visits.Count);
        return visits;
    }

    /// <summary>The visit, or null when the API died over it.</summary>
    private static async Task<AppointmentDetails?> TryBookAsync(HttpClient api, KeyedVisit visit)
    {
        try
        {
            using var response = await SendAsync(api, visit);
            return response.StatusCode == HttpStatusCode.Created ? await response.Content.ReadFromJsonAsync<AppointmentDetails>(ClinicJson.Options) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<(string Key, AppointmentDetails Details, bool IsReplay)> ReplayAsync(
        HttpClient api, KeyedVisit visit, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            using var response = await SendAsync(api, visit);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.StatusCode == HttpStatusCode.Created)
            {
                var details = await response.Content.ReadFromJsonAsync<AppointmentDetails>(ClinicJson.Options, cancellationToken);
                return (visit.Key, details!, response.Headers.Contains("Idempotency-Replayed"));
            }

            // Postgres may take a moment to see that the killed process is gone.
            Assert.Contains("request_in_flight", text, StringComparison.Ordinal);
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient api, KeyedVisit visit)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/appointments") { Content = JsonContent.Create(visit.Visit, options: ClinicJson.Options) };
        request.Headers.Add("Idempotency-Key", visit.Key);
        return await api.SendAsync(request);
    }

    private static async Task KillAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        var running = await app.ResourceNotifications.WaitForResourceAsync("api", e => e.Snapshot.State?.Text == KnownResourceStates.Running, cancellationToken);
        using var process = Process.GetProcessById(
            Convert.ToInt32(running.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value, CultureInfo.InvariantCulture));
        process.Kill();
        await app.ResourceNotifications.WaitForResourceAsync("api", e => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text), cancellationToken);
    }

    private sealed record KeyedVisit(string Key, BookAppointment Visit);
}
