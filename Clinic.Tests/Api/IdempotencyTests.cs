using System.Net;
using Clinic.Api.Appointments;
using Clinic.Api.Idempotency;
using Clinic.Api.Requests;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

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
        await using var scope = Api.Services.CreateAsyncScope();
        var booking = scope.ServiceProvider.GetRequiredService<Booking>();

        var answers = new List<AppointmentAnswer>();
        foreach (var (patient, i) in patients.Select((p, i) => (p, i)))
        {
            var caller = new Caller($"caller-{patient}");
            answers.Add(await booking.BookAsync(
                Visit($"05T{10 + i}:00", patient), caller, new IdempotencyKey(caller, _key, [1]), TestContext.Current.CancellationToken));
        }

        Assert.All(answers, a => Assert.False(a.IsReplay));
        Assert.NotEqual(answers[0].Body, answers[1].Body);
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
        var key = IdempotencyStore.LockOf(Caller.Anonymous, _key);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await db.Database.SqlQuery<int>(
            $"SELECT count(*)::int AS \"Value\" FROM pg_locks WHERE locktype = 'advisory' AND (classid::bigint << 32 | objid::bigint) = {key}").SingleAsync() == 0)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
