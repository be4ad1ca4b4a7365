using System.Net;
using Clinic.Api.Idempotency;
using Clinic.Api.Sweeping;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Clinic.Tests.Api;

/// <summary>R28: a request with an Idempotency-Key happens once.</summary>
public sealed class IdempotencyTests(ClinicApp app) : ApiTest(app)
{
    private readonly string _key = $"key-{Guid.NewGuid()}";

    [Fact]
    public async Task R28_the_same_request_again_gets_the_first_answer_to_the_byte()
    {
        var first = await PostAsync("/api/appointments", Visit("05T09:00"), _key);
        var second = await PostAsync("/api/appointments", Visit("05T09:00"), _key);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal((first.Headers.Location, first.Headers.ETag), (second.Headers.Location, second.Headers.ETag));
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(["true"], second.Headers.GetValues("Idempotency-Replayed"));
    }

    [Fact]
    public async Task R28_the_answer_survives_a_restart_and_the_cancelling_of_the_visit()
    {
        var booked = await ReadAsync<AppointmentDetails>(await PostAsync("/api/appointments", Visit("05T09:00"), _key), HttpStatusCode.Created);
        await ReadAsync<AppointmentDetails>(await SendAsync(HttpMethod.Delete, $"/api/appointments/{booked.Id}"));
        await using var restarted = ApiInstance.Start(App);

        var replay = await SendAsync(HttpMethod.Post, "/api/appointments", Visit("05T09:00"), _key, client: restarted.Client);

        Assert.Equal(booked, await ReadAsync<AppointmentDetails>(replay, HttpStatusCode.Created));
    }

    [Fact]
    public async Task R28_the_same_key_with_another_body_is_422_and_changes_nothing()
    {
        await PostAsync("/api/appointments", Visit("05T09:00"), _key);

        await AssertProblemAsync(await PostAsync("/api/appointments", Visit("05T10:00"), _key), 422, "idempotency_key_reused");

        Assert.Contains("10:00", await FreeTimesAsync("05"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R28_while_the_first_request_runs_the_same_key_is_409()
    {
        await using var db = App.OpenDatabase();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            // Stands in for a first request that is still at work: it holds the doctor's row.
            await db.Database.ExecuteSqlAsync($"SELECT FROM clinic.doctors WHERE id = {DoctorId} FOR NO KEY UPDATE");
            var first = PostAsync("/api/appointments", Visit("05T09:00"), _key);
            await UntilTakenAsync();

            await AssertProblemAsync(await PostAsync("/api/appointments", Visit("05T09:00"), _key), 409, "request_in_flight");

            await transaction.RollbackAsync();
            Assert.Equal(HttpStatusCode.Created, (await first).StatusCode);
        }
    }

    [Fact]
    public async Task R28_of_twenty_equal_requests_at_once_one_books_and_none_books_again()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync("/api/appointments", Visit("05T09:00"), _key)));

        Assert.Single(responses, r => r.StatusCode == HttpStatusCode.Created && !r.Headers.Contains("Idempotency-Replayed"));
        Assert.All(responses, r => Assert.True(r.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict));
        await using var db = App.OpenDatabase();
        Assert.Equal(1, await db.Appointments.CountAsync(a => a.DoctorId == DoctorId));
    }

    [Fact]
    public async Task R28_a_refused_request_leaves_its_key_free()
    {
        await AssertProblemAsync(await PostAsync("/api/appointments", Visit("05T09:10"), _key), 422, "not_on_grid");

        Assert.Equal(HttpStatusCode.Created, (await PostAsync("/api/appointments", Visit("05T09:15"), _key)).StatusCode);
    }

    [Fact]
    public async Task R28_moving_and_cancelling_replay_too()
    {
        var booked = await BookAsync("05T09:00");
        var path = $"/api/appointments/{booked.Id}";

        foreach (var (method, body) in new (HttpMethod, object?)[] { (HttpMethod.Put, new MoveAppointment { Start = Lima("05T10:00") }), (HttpMethod.Delete, null) })
        {
            var first = await SendAsync(method, path, body, $"{_key}{method}");
            var second = await SendAsync(method, path, body, $"{_key}{method}");

            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
            Assert.Equal(["true"], second.Headers.GetValues("Idempotency-Replayed"));
        }

        var history = await ReadAsync<ItemList<HistoryEntry>>(await Client.GetAsync($"{path}/history"));
        Assert.Equal(3, history.Items.Count);
    }

    [Fact]
    public async Task R28_a_key_belongs_to_its_caller()
    {
        await using var db = App.OpenDatabase();
        var patients = await db.AddPatientsAsync(2);

        var answers = new List<AppointmentDetails>();
        foreach (var (patient, i) in patients.Select((p, i) => (p, i)))
        {
            using var client = Api.AsPatient(patient);
            var booked = await SendAsync(HttpMethod.Post, "/api/appointments", Visit($"05T{10 + i}:00", patient), _key, client: client);
            Assert.False(booked.Headers.Contains("Idempotency-Replayed"));
            answers.Add(await ReadAsync<AppointmentDetails>(booked, HttpStatusCode.Created));
        }

        Assert.Equal(patients, answers.Select(a => a.PatientId));
    }

    [Fact]
    public async Task R28_the_version_in_a_kept_answer_is_the_visits()
    {
        var booked = await ReadAsync<AppointmentDetails>(await PostAsync("/api/appointments", Visit("05T09:00"), _key), HttpStatusCode.Created);
        var path = $"/api/appointments/{booked.Id}";
        Assert.Equal(booked.Version, (await ReadAsync<AppointmentDetails>(await Client.GetAsync(path))).Version);

        var moved = await ReadAsync<AppointmentDetails>(await SendAsync(
            HttpMethod.Put, path, new MoveAppointment { Start = Lima("05T10:00") }, $"{_key}-2", ifMatch: $"\"{booked.Version}\""));

        Assert.Equal(moved, await ReadAsync<AppointmentDetails>(await Client.GetAsync(path)));
    }

    [Fact]
    public async Task R28_an_answer_is_kept_for_24_hours_and_then_its_key_may_be_used_again()
    {
        var visit = Visit("10T09:00");
        var first = await PostAsync("/api/appointments", visit, _key);
        Api.Clock.MoveTo(FixedClock.Start.AddHours(24).AddSeconds(-1));
        Assert.True((await PostAsync("/api/appointments", visit, _key)).Headers.Contains("Idempotency-Replayed"));

        Api.Clock.MoveTo(FixedClock.Start.AddHours(24));

        await AssertProblemAsync(await PostAsync("/api/appointments", visit, _key), 409, "slot_taken");
        await ReadAsync<AppointmentDetails>(await PostAsync("/api/appointments", Visit("10T10:00"), _key), HttpStatusCode.Created);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
    }

    [Fact]
    public async Task R28_what_is_older_than_24_hours_is_swept_away_and_nothing_else()
    {
        await using var db = App.OpenDatabase();
        await PostAsync("/api/appointments", Visit("10T09:00"), _key);
        Api.Clock.MoveTo(FixedClock.Start.AddHours(20));
        await PostAsync("/api/appointments", Visit("10T10:00"), $"{_key}-2");
        Api.Clock.MoveTo(FixedClock.Start.AddHours(25));

        await Api.Services.GetServices<IHostedService>().OfType<Housekeeping>().Single().SweepAsync(TestContext.Current.CancellationToken);

        Assert.Equal([$"{_key}-2"], await db.IdempotencyKeys.Where(k => k.Key.StartsWith(_key)).Select(k => k.Key).ToListAsync());
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("\t")]
    public async Task R28_a_key_is_visible_ASCII(string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/appointments/{Guid.NewGuid()}");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);

        await AssertProblemAsync(await Client.SendAsync(request), 400, "invalid_request");
    }

    /// <summary>Returns once some request has taken the key.</summary>
    private async Task UntilTakenAsync()
    {
        await using var db = App.OpenDatabase();
        var key = IdempotencyStore.LockOf($"staff:{ApiInstance.StaffAccount}", _key);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await db.Database.SqlQuery<int>(
            $"SELECT count(*)::int AS \"Value\" FROM pg_locks WHERE locktype = 'advisory' AND (classid::bigint << 32 | objid::bigint) = {key}").SingleAsync() == 0)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
