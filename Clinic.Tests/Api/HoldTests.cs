using System.Net;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Data.Messages;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Api;

/// <summary>R7, R11: a hold keeps a time for five minutes.</summary>
public sealed class HoldTests(ClinicApp app) : ApiTest(app)
{
    private static readonly DateTimeOffset Expiry = FixedClock.Start.AddMinutes(5);

    [Fact]
    public async Task R7_a_hold_blocks_its_time_for_five_minutes_and_tells_nobody()
    {
        await using var db = App.OpenDatabase();
        var other = (await db.AddPatientsAsync(1)).Single();

        var held = await HoldAsync("06T09:00");

        Assert.Equal((AppointmentStatus.Held, Expiry), (held.Status, held.HoldExpiresAt));
        Assert.StartsWith("09:30", await FreeTimesAsync("06"), StringComparison.Ordinal);
        await AssertProblemAsync(await PostAsync("/api/appointments", Visit("06T09:00", other)), 409, "slot_taken");
        var entry = Assert.Single(await HistoryAsync(held.Id));
        Assert.Equal((AppointmentAction.Hold, null, AppointmentStatus.Held), (entry.Action, entry.FromStatus, entry.ToStatus));
        Assert.False(await db.Outbox.AnyAsync(m => m.AppointmentId == held.Id));
    }

    [Fact]
    public async Task R7_a_confirmed_hold_is_a_booking_with_its_messages()
    {
        var held = await HoldAsync("06T09:00");
        Api.Clock.MoveTo(Expiry.AddTicks(-1));

        var confirmed = await ReadAsync<AppointmentDetails>(await DoAsync(held.Id, "confirm"));

        Assert.Equal((held.Id, AppointmentStatus.Scheduled, null), (confirmed.Id, confirmed.Status, confirmed.HoldExpiresAt));
        Assert.Equal(confirmed, await ReadAsync<AppointmentDetails>(await Client.GetAsync($"/api/appointments/{held.Id}")));
        Assert.Equal([AppointmentAction.Hold, AppointmentAction.Confirm], (await HistoryAsync(held.Id)).Select(e => e.Action));
        await using var db = App.OpenDatabase();
        var messages = await db.Outbox.Where(m => m.AppointmentId == held.Id).OrderBy(m => m.DueAt).Select(m => m.Kind).ToListAsync();
        Assert.Equal([MessageKind.Booked, MessageKind.Reminder], messages);
        await AssertProblemAsync(await DoAsync(held.Id, "confirm"), 409, "invalid_transition");

        // The time stays taken when the hold would have lapsed, also in what was cached before.
        Api.Clock.MoveTo(Expiry);
        Assert.StartsWith("09:30", await FreeTimesAsync("06"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R11_a_lapsed_hold_cannot_be_confirmed_and_is_free_in_reads_at_once()
    {
        var held = await HoldAsync("06T09:00");
        Assert.StartsWith("09:30", await FreeTimesAsync("06"), StringComparison.Ordinal);
        Api.Clock.MoveTo(Expiry);

        Assert.StartsWith("09:00", await FreeTimesAsync("06"), StringComparison.Ordinal);
        var problem = await AssertProblemAsync(await DoAsync(held.Id, "confirm"), 409, "invalid_transition");
        Assert.Contains("hold has expired", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R11_a_lapsed_hold_is_free_for_booking_and_holding_and_its_end_is_on_record(bool hold)
    {
        await using var db = App.OpenDatabase();
        var others = await db.AddPatientsAsync(3);
        // Two stand in the way, one does not.
        var (first, second, aside) = (await HoldAsync("06T09:00", others[0]), await HoldAsync("06T09:30", others[1]), await HoldAsync("06T12:00", others[2]));
        await db.Treatments.Where(t => t.Id == TreatmentId).ExecuteUpdateAsync(t => t.SetProperty(x => x.DurationMinutes, 60));
        Api.Clock.MoveTo(Expiry);

        await ReadAsync<AppointmentDetails>(await PostAsync("/api/appointments", Visit("06T09:00") with { Hold = hold }), HttpStatusCode.Created);

        foreach (var id in new[] { first.Id, second.Id })
        {
            await AssertLapsedAsync(id);
        }

        Assert.Single(await HistoryAsync(aside.Id));
    }

    [Fact]
    public async Task R11_a_lapsed_hold_of_the_patient_at_another_doctor_does_not_make_them_busy()
    {
        await using var db = App.OpenDatabase();
        var (doctor, treatment) = await db.AddDoctorAsync();
        var held = await HoldAsync("06T09:00");
        var elsewhere = Visit("06T09:15", doctorId: doctor, treatmentId: treatment);
        await AssertProblemAsync(await PostAsync("/api/appointments", elsewhere), 409, "patient_busy");
        Api.Clock.MoveTo(Expiry);

        await ReadAsync<AppointmentDetails>(await PostAsync("/api/appointments", elsewhere), HttpStatusCode.Created);

        await AssertLapsedAsync(held.Id);
    }

    [Fact]
    public async Task R11_a_lapsed_hold_is_free_for_a_move()
    {
        await using var db = App.OpenDatabase();
        var booked = await BookAsync("06T11:00", (await db.AddPatientsAsync(1)).Single());
        var held = await HoldAsync("06T09:00");
        Api.Clock.MoveTo(Expiry);

        await ReadAsync<AppointmentDetails>(
            await SendAsync(HttpMethod.Put, $"/api/appointments/{booked.Id}", new MoveAppointment { Start = Lima("06T09:15") }));

        await AssertLapsedAsync(held.Id);
    }

    [Fact]
    public async Task R11_booking_costs_one_command_more_only_when_there_is_a_hold_to_clear()
    {
        await using var db = App.OpenDatabase();
        var patients = await db.AddPatientsAsync(4);
        await HoldAsync("06T09:00", patients[0]);
        await HoldAsync("07T09:00", patients[0]);
        Api.Clock.MoveTo(Expiry);
        // The first of each kind also prepares.
        await BookAsync("06T15:00", patients[1]);
        using var commands = new SqlCommandCounter(Api);

        await BookAsync("06T16:00", patients[2]);
        var usual = commands.Count;
        commands.Reset();
        await BookAsync("06T09:00", patients[3]);

        Assert.Equal(usual + 1, commands.Count);
    }

    [Fact]
    public async Task A_patient_has_at_most_three_holds_that_have_not_lapsed_and_the_front_desk_any_number()
    {
        using var patient = AsPatient(PatientId);
        Task<HttpResponseMessage> TryAsync(string start) =>
            SendAsync(HttpMethod.Post, "/api/appointments", Visit(start) with { Hold = true }, client: patient);

        // Weeks apart: all of them count, not only those near the wanted time.
        foreach (var start in new[] { "06T09:00", "14T09:00", "22T09:00" })
        {
            Assert.Equal(HttpStatusCode.Created, (await TryAsync(start)).StatusCode);
        }

        await AssertProblemAsync(await TryAsync("28T09:00"), 409, "too_many_holds");
        await HoldAsync("28T10:00");
        Api.Clock.MoveTo(Expiry);
        Assert.Equal(HttpStatusCode.Created, (await TryAsync("28T09:00")).StatusCode);
    }

    [Fact]
    public async Task A_hold_can_be_given_back_at_any_time_and_nobody_is_told()
    {
        await using var db = App.OpenDatabase();
        await db.Doctors.Where(d => d.Id == DoctorId).ExecuteUpdateAsync(d => d.SetProperty(x => x.ChangeNoticeMinutes, 43_200));
        var held = await HoldAsync("06T09:00");
        using var patient = AsPatient(PatientId);

        var cancelled = await ReadAsync<AppointmentDetails>(await SendAsync(HttpMethod.Delete, $"/api/appointments/{held.Id}", client: patient));

        Assert.Equal((AppointmentStatus.Cancelled, null), (cancelled.Status, cancelled.HoldExpiresAt));
        Assert.StartsWith("09:00", await FreeTimesAsync("06"), StringComparison.Ordinal);
        Assert.False(await db.Outbox.AnyAsync(m => m.AppointmentId == held.Id));
    }

    [Fact]
    public async Task R28_a_confirm_replays_and_honours_If_Match()
    {
        var held = await HoldAsync("06T09:00");
        var key = Guid.NewGuid().ToString();

        await AssertProblemAsync(await DoAsync(held.Id, "confirm", ifMatch: "\"1\""), 412, "version_conflict");
        var first = await DoAsync(held.Id, "confirm", key, $"\"{held.Version}\"");
        var second = await DoAsync(held.Id, "confirm", key, $"\"{held.Version}\"");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(["true"], second.Headers.GetValues("Idempotency-Replayed"));
    }

    private async Task AssertLapsedAsync(Guid id)
    {
        var hold = await ReadAsync<AppointmentDetails>(await Client.GetAsync($"/api/appointments/{id}"));
        Assert.Equal((AppointmentStatus.Cancelled, null), (hold.Status, hold.HoldExpiresAt));
        var entry = (await HistoryAsync(id))[^1];
        Assert.Equal(
            ("system", AppointmentAction.Cancel, AppointmentStatus.Held, AppointmentStatus.Cancelled),
            (entry.Actor, entry.Action, entry.FromStatus, entry.ToStatus));
        Assert.Equal("The hold lapsed.", entry.Details!.Value.GetProperty("reason").GetString());
    }
}
