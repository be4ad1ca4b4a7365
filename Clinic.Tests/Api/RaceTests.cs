using System.Net;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Api;

/// <summary>
/// Changes that meet at one time, on two instances of the API and a real Postgres. Each race is run twenty times, on a day
/// of its own: exactly one wins, nobody gets a 5xx, each change is on record once, and Postgres finds no overlap.
/// </summary>
public sealed class RaceTests(ClinicApp app) : ApiTest(app)
{
    private const int Rounds = 20;

    [Fact]
    public async Task R17_of_twenty_moves_onto_one_time_one_wins_and_the_others_keep_what_they_had()
    {
        await using var other = ApiInstance.Start(App);
        var visits = await BookManyAsync(20);
        for (var round = 0; round < Rounds; round++)
        {
            var before = await ReadAllAsync(visits);

            var responses = await RaceAsync(visits, (id, i) => MoveAsync(id, $"{Day(round)}T09:00", Instance(other, i)));

            AssertOutcomes(responses, won: 1, HttpStatusCode.OK);
            var after = await ReadAllAsync(visits);
            Assert.Equal(19, before.Zip(after).Count(pair => pair.First == pair.Second));
        }

        await AssertRecordedAsync(visits, AppointmentAction.Move, Rounds);
        await AssertNoOverlapAsync();
    }

    [Fact]
    public async Task R6_R17_of_ten_bookings_and_ten_moves_for_one_time_one_wins()
    {
        await using var other = ApiInstance.Start(App);
        var visits = await BookManyAsync(10);
        var patients = await PatientsAsync(10);
        for (var round = 0; round < Rounds; round++)
        {
            var time = $"{Day(round)}T09:00";

            var responses = await RaceAsync(Enumerable.Range(0, 20), (n, i) => n % 2 == 0
                ? MoveAsync(visits[n / 2], time, Instance(other, i / 2))
                : SendAsync(HttpMethod.Post, "/api/appointments", Visit(time, patients[n / 2]), client: Instance(other, i / 2)));

            AssertOutcomes(responses, won: 1, HttpStatusCode.OK, HttpStatusCode.Created);
        }

        await AssertNoOverlapAsync();
        await AssertEveryVisitIsRecordedOnceAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R17_two_visits_that_swap_their_times_at_once_keep_what_they_had(bool ofOnePatient)
    {
        await using var other = ApiInstance.Start(App);
        await using var db = App.OpenDatabase();
        // Two patients at one doctor, or one patient at two doctors.
        var (doctor, treatment) = ofOnePatient ? await db.AddDoctorAsync() : (DoctorId, TreatmentId);
        var patient = ofOnePatient ? PatientId : (await PatientsAsync(1)).Single();
        for (var round = 0; round < Rounds; round++)
        {
            var (nine, ten) = ($"{Day(round)}T09:00", $"{Day(round)}T10:00");
            var a = await BookAsync(nine);
            var b = await ReadAsync<AppointmentDetails>(
                await PostAsync("/api/appointments", Visit(ten, patient, doctor, treatment)), HttpStatusCode.Created);

            var responses = await Task.WhenAll(MoveAsync(a.Id, ten, Client), MoveAsync(b.Id, nine, other.Client));

            AssertOutcomes(responses, won: 0);
            Assert.Equal([a, b], await ReadAllAsync([a.Id, b.Id]));
        }

        await AssertNoOverlapAsync();
    }

    [Fact]
    public async Task R17_of_ten_cancels_of_one_visit_one_wins()
    {
        await using var other = ApiInstance.Start(App);
        for (var round = 0; round < Rounds; round++)
        {
            var visit = await BookAsync($"{Day(round)}T09:00");

            var responses = await RaceAsync(Enumerable.Range(0, 10), (_, i) =>
                SendAsync(HttpMethod.Delete, $"/api/appointments/{visit.Id}", client: Instance(other, i)));

            AssertOutcomes(responses, won: 1, HttpStatusCode.OK);
            await AssertRecordedAsync([visit.Id], AppointmentAction.Cancel, 1);
        }
    }

    [Fact]
    public async Task R28_of_twenty_equal_requests_with_one_key_one_is_done_and_the_others_are_replayed_or_in_flight()
    {
        await using var other = ApiInstance.Start(App);
        for (var round = 0; round < Rounds; round++)
        {
            var key = Guid.NewGuid().ToString();
            var visit = Visit($"{Day(round)}T09:00");

            var responses = await RaceAsync(Enumerable.Range(0, 20), (_, i) =>
                SendAsync(HttpMethod.Post, "/api/appointments", visit, key, client: Instance(other, i)));

            Assert.Single(responses, r => r.StatusCode == HttpStatusCode.Created && !r.Headers.Contains("Idempotency-Replayed"));
            foreach (var response in responses.Where(r => r.StatusCode != HttpStatusCode.Created))
            {
                await AssertProblemAsync(response, 409, "request_in_flight");
            }
        }

        await using var db = App.OpenDatabase();
        Assert.Equal(Rounds, await db.Appointments.CountAsync(a => a.DoctorId == DoctorId));
        await AssertEveryVisitIsRecordedOnceAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R7_R11_of_a_confirm_and_a_booking_at_the_expiry_of_a_hold_one_wins(bool atAnotherDoctor)
    {
        await using var other = ApiInstance.Start(App);
        await using var db = App.OpenDatabase();
        // Who wants the held time: another patient at the doctor, or the patient at another doctor.
        var (doctor, treatment) = atAnotherDoctor ? await db.AddDoctorAsync() : (DoctorId, TreatmentId);
        var patient = atAnotherDoctor ? PatientId : (await PatientsAsync(1)).Single();
        var holds = new List<Guid>();
        for (var round = 0; round < Rounds; round++)
        {
            holds.Add((await HoldAsync($"{Day(round)}T09:00")).Id);
        }

        // Two clocks on either side of the expiry: to one instance the hold is good, to the other it has lapsed.
        Api.Clock.MoveTo(FixedClock.Start + Lifecycle.HoldLife - TimeSpan.FromTicks(1));
        other.Clock.MoveTo(FixedClock.Start + Lifecycle.HoldLife);
        for (var round = 0; round < Rounds; round++)
        {
            var booking = Visit($"{Day(round)}T09:00", patient, doctor, treatment);

            var book = SendAsync(HttpMethod.Post, "/api/appointments", booking, client: other.Client);
            var responses = await Task.WhenAll(DoAsync(holds[round], "confirm"), book);

            AssertOutcomes(responses, won: 1, HttpStatusCode.OK, HttpStatusCode.Created);
            var history = await HistoryAsync(holds[round]);
            Assert.Equal(
                [AppointmentAction.Hold, responses[0].StatusCode == HttpStatusCode.OK ? AppointmentAction.Confirm : AppointmentAction.Cancel],
                history.Select(e => e.Action));
        }

        await AssertNoOverlapAsync();
    }

    [Fact]
    public async Task R11_two_bookings_that_clear_the_same_two_lapsed_holds_from_either_side_both_succeed()
    {
        await using var other = ApiInstance.Start(App);
        await using var db = App.OpenDatabase();
        var (doctor, treatment) = await db.AddDoctorAsync();
        var patient = (await PatientsAsync(1)).Single();
        var holds = new List<Guid>();
        for (var round = 0; round < Rounds; round++)
        {
            holds.Add((await HoldAsync($"{Day(round)}T09:00", patient)).Id);
            var crosswise = Visit($"{Day(round)}T09:00", PatientId, doctor, treatment) with { Hold = true };
            holds.Add((await ReadAsync<AppointmentDetails>(await PostAsync("/api/appointments", crosswise), HttpStatusCode.Created)).Id);
        }

        Api.Clock.MoveTo(FixedClock.Start + Lifecycle.HoldLife);
        other.Clock.MoveTo(FixedClock.Start + Lifecycle.HoldLife);
        for (var round = 0; round < Rounds; round++)
        {
            var time = $"{Day(round)}T09:00";

            var responses = await Task.WhenAll(
                PostAsync("/api/appointments", Visit(time)),
                SendAsync(HttpMethod.Post, "/api/appointments", Visit(time, patient, doctor, treatment), client: other.Client));

            AssertOutcomes(responses, won: 2, HttpStatusCode.Created);
        }

        await AssertRecordedAsync(holds, AppointmentAction.Cancel, holds.Count);
        await AssertNoOverlapAsync();
    }

    [Fact]
    public async Task R22_of_taking_a_no_show_back_and_booking_its_time_one_wins()
    {
        await using var other = ApiInstance.Start(App);
        var patient = (await PatientsAsync(1)).Single();
        for (var round = 0; round < Rounds; round++)
        {
            var missed = await BookAsync($"{Day(round)}T09:00");
            Api.Clock.MoveTo(missed.Start.AddMinutes(15));
            other.Clock.MoveTo(missed.Start.AddMinutes(15));
            await ReadAsync<AppointmentDetails>(await DoAsync(missed.Id, "no-show"));

            var responses = await Task.WhenAll(
                DoAsync(missed.Id, "undo-no-show"),
                SendAsync(HttpMethod.Post, "/api/appointments", Visit($"{Day(round)}T09:15", patient), client: other.Client));

            AssertOutcomes(responses, won: 1, HttpStatusCode.OK, HttpStatusCode.Created);
        }

        await AssertNoOverlapAsync();
    }

    [Fact]
    public async Task R8_a_changed_length_of_a_treatment_counts_for_new_visits_and_leaves_the_others_as_they_are()
    {
        await using var other = ApiInstance.Start(App);
        await using var db = App.OpenDatabase();
        var patients = await PatientsAsync(12);
        for (var round = 0; round < Rounds; round++)
        {
            await SetMinutesAsync(30);
            var nine = await BookAsync($"{Day(round)}T09:00", patients[10]);
            await BookAsync($"{Day(round)}T10:30", patients[11]);
            await SetMinutesAsync(60);

            // Only 09:30 to 10:30 is free between the two, and an hour fits once.
            string[] starts = ["09:15", "09:30", "09:45", "10:00"];
            var responses = await RaceAsync(patients.Take(10), (patient, i) =>
                SendAsync(HttpMethod.Post, "/api/appointments", Visit($"{Day(round)}T{starts[i % 4]}", patient), client: Instance(other, i / 4)));

            AssertOutcomes(responses, won: 1, HttpStatusCode.Created);
            Assert.Equal([nine], await ReadAllAsync([nine.Id]));
        }

        await AssertNoOverlapAsync();

        Task SetMinutesAsync(int minutes) => db.Treatments.Where(t => t.Id == TreatmentId)
            .ExecuteUpdateAsync(t => t.SetProperty(x => x.DurationMinutes, minutes));
    }

    [Fact]
    public async Task Of_many_schedules_put_at_once_one_is_there_as_a_whole_and_no_reader_sees_a_mixture()
    {
        await using var other = ApiInstance.Start(App);
        var path = $"/api/doctors/{DoctorId}/schedule";
        await ReadAsync<ScheduleDetails>(await SendAsync(HttpMethod.Put, path, Numbered(1)));
        for (var round = 0; round < Rounds; round++)
        {
            var puts = RaceAsync(Enumerable.Range(1, 8), (n, i) => SendAsync(HttpMethod.Put, path, Numbered(n), client: Instance(other, i)));
            var reads = RaceAsync(Enumerable.Range(1, 8), (_, i) => SendAsync(HttpMethod.Get, path, client: Instance(other, i)));

            AssertOutcomes(await puts, won: 8, HttpStatusCode.OK);
            foreach (var response in (await puts).Concat(await reads).Append(await Client.GetAsync(path)))
            {
                AssertWhole(await ReadAsync<ScheduleDetails>(response));
            }
        }

        // Everything in it is its number.
        static ReplaceSchedule Numbered(int n) => new()
        {
            SlotMinutes = 5 * n,
            BufferMinutes = n,
            MinNoticeMinutes = n,
            HorizonDays = n,
            ChangeNoticeMinutes = n,
            Weekly = [.. Enumerable.Range(0, n).Select(i => new WeeklyHours(DayOfWeek.Monday, new TimeOnly(8 + i, n), new TimeOnly(8 + i, 30 + n)))],
        };

        static void AssertWhole(ScheduleDetails schedule)
        {
            var expected = Numbered(schedule.BufferMinutes);
            Assert.Equal(
                (expected.SlotMinutes, expected.MinNoticeMinutes, expected.HorizonDays, expected.ChangeNoticeMinutes ?? 0),
                (schedule.SlotMinutes, schedule.MinNoticeMinutes, schedule.HorizonDays, schedule.ChangeNoticeMinutes));
            Assert.Equal(expected.Weekly, schedule.Weekly);
        }
    }

    /// <summary>The day of March on which a round is held.</summary>
    private static string Day(int round) => $"{5 + round:00}";

    /// <summary>Every other request goes to the other instance.</summary>
    private HttpClient Instance(ApiInstance other, int number) => number % 2 == 0 ? Client : other.Client;

    private static Task<HttpResponseMessage[]> RaceAsync<T>(IEnumerable<T> runners, Func<T, int, Task<HttpResponseMessage>> run) =>
        Task.WhenAll(runners.Select(run));

    private async Task<Guid[]> PatientsAsync(int count)
    {
        await using var db = App.OpenDatabase();
        return await db.AddPatientsAsync(count);
    }

    /// <summary>Visits of as many patients, on days on which no round is held.</summary>
    private async Task<Guid[]> BookManyAsync(int count)
    {
        var booked = new List<Guid>();
        foreach (var (patient, i) in (await PatientsAsync(count)).Select((p, i) => (p, i)))
        {
            booked.Add((await BookAsync($"{27 + (i / 10):00}T{9 + (i % 10 / 2):00}:{i % 2 * 30:00}", patient)).Id);
        }

        return [.. booked];
    }

    private Task<HttpResponseMessage> MoveAsync(Guid id, string start, HttpClient client) =>
        SendAsync(HttpMethod.Put, $"/api/appointments/{id}", new MoveAppointment { Start = Lima(start) }, client: client);

    private async Task<AppointmentDetails[]> ReadAllAsync(IEnumerable<Guid> ids) => await Task.WhenAll(ids.Select(async id =>
        await ReadAsync<AppointmentDetails>(await Client.GetAsync($"/api/appointments/{id}"))));

    /// <summary>So many won, with one of these statuses, and all others met a conflict: no 5xx among them.</summary>
    private static void AssertOutcomes(HttpResponseMessage[] responses, int won, params HttpStatusCode[] wins)
    {
        var outcomes = string.Join(' ', responses.Select(r => (int)r.StatusCode).Order());
        Assert.True(responses.Count(r => wins.Contains(r.StatusCode)) == won, outcomes);
        Assert.True(responses.Count(r => r.StatusCode == HttpStatusCode.Conflict) == responses.Length - won, outcomes);
    }

    private async Task AssertRecordedAsync(IEnumerable<Guid> visits, AppointmentAction action, int times)
    {
        await using var db = App.OpenDatabase();
        Assert.Equal(times, await db.AuditTrail.CountAsync(e => visits.Contains(e.AppointmentId) && e.Action == action));
    }

    /// <summary>One row of the audit trail for each visit that there is, saying that it was booked.</summary>
    private async Task AssertEveryVisitIsRecordedOnceAsync()
    {
        await using var db = App.OpenDatabase();
        var visits = db.Appointments.Where(a => a.DoctorId == DoctorId).Select(a => a.Id);
        Assert.Equal(
            await visits.CountAsync(),
            await db.AuditTrail.CountAsync(e => visits.Contains(e.AppointmentId) && e.Action == AppointmentAction.Book));
    }
}
