using System.Net;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Api;

/// <summary>R22: what happens to a visit on its day.</summary>
public sealed class DaysWorkTests(ClinicApp app) : ApiTest(app)
{
    [Fact]
    public async Task R22_a_visit_is_checked_in_and_completed_on_record_and_without_a_message()
    {
        var booked = await BookAsync("05T09:00");
        await using var db = App.OpenDatabase();
        var messages = await db.Outbox.CountAsync(m => m.AppointmentId == booked.Id);

        Assert.Equal(AppointmentStatus.CheckedIn, (await ReadAsync<AppointmentDetails>(await DoAsync(booked.Id, "check-in"))).Status);
        Assert.Equal(AppointmentStatus.Completed, (await ReadAsync<AppointmentDetails>(await DoAsync(booked.Id, "complete"))).Status);

        Assert.Equal(
            [AppointmentAction.Book, AppointmentAction.CheckIn, AppointmentAction.Complete],
            (await HistoryAsync(booked.Id)).Select(e => e.Action));
        Assert.Equal(messages, await db.Outbox.CountAsync(m => m.AppointmentId == booked.Id));
        Assert.DoesNotContain("09:00", await FreeTimesAsync("05"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R22_a_no_show_is_possible_a_quarter_of_an_hour_after_the_start_frees_the_time_and_can_be_undone()
    {
        var booked = await BookAsync("05T09:00");
        Api.Clock.MoveTo(Lima("05T09:15").AddTicks(-1));
        var problem = await AssertProblemAsync(await DoAsync(booked.Id, "no-show"), 409, "invalid_transition");
        Assert.Contains("2030-03-05 09:15", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        Api.Clock.MoveTo(Lima("05T09:15"));
        Assert.StartsWith("09:30", await FreeTimesAsync("05"), StringComparison.Ordinal);
        Assert.Equal(AppointmentStatus.NoShow, (await ReadAsync<AppointmentDetails>(await DoAsync(booked.Id, "no-show"))).Status);
        Assert.StartsWith("09:15", await FreeTimesAsync("05"), StringComparison.Ordinal);

        Assert.Equal(AppointmentStatus.Scheduled, (await ReadAsync<AppointmentDetails>(await DoAsync(booked.Id, "undo-no-show"))).Status);
        Assert.StartsWith("09:30", await FreeTimesAsync("05"), StringComparison.Ordinal);
        Assert.Equal(
            [AppointmentAction.Book, AppointmentAction.NoShow, AppointmentAction.UndoNoShow],
            (await HistoryAsync(booked.Id)).Select(e => e.Action));
        // Undone and missed again: nothing counts how often.
        await ReadAsync<AppointmentDetails>(await DoAsync(booked.Id, "no-show"));
    }

    [Fact]
    public async Task R22_a_no_show_cannot_take_back_a_time_that_somebody_has_now()
    {
        await using var db = App.OpenDatabase();
        var (doctor, treatment) = await db.AddDoctorAsync();
        var other = (await db.AddPatientsAsync(1)).Single();
        var missed = await NoShowAsync("05T09:00");

        var taking = await BookAsync("05T09:15", other);
        await AssertProblemAsync(await DoAsync(missed.Id, "undo-no-show"), 409, "slot_taken");
        await ReadAsync<AppointmentDetails>(await SendAsync(HttpMethod.Delete, $"/api/appointments/{taking.Id}"));
        var elsewhere = await ReadAsync<AppointmentDetails>(
            await PostAsync("/api/appointments", Visit("05T09:15", doctorId: doctor, treatmentId: treatment)), HttpStatusCode.Created);
        await AssertProblemAsync(await DoAsync(missed.Id, "undo-no-show"), 409, "patient_busy");
        Assert.Equal(AppointmentStatus.NoShow, (await ReadAsync<AppointmentDetails>(await Client.GetAsync($"/api/appointments/{missed.Id}"))).Status);

        await ReadAsync<AppointmentDetails>(await SendAsync(HttpMethod.Delete, $"/api/appointments/{elsewhere.Id}"));
        await ReadAsync<AppointmentDetails>(await DoAsync(missed.Id, "undo-no-show"));
    }

    [Fact]
    public async Task R22_taking_a_no_show_back_asks_neither_for_hours_nor_for_buffers()
    {
        var missed = await NoShowAsync("05T09:00");
        await using var db = App.OpenDatabase();
        await BookAsync("05T09:30", (await db.AddPatientsAsync(1)).Single());
        await db.Doctors.Where(d => d.Id == DoctorId).ExecuteUpdateAsync(d => d.SetProperty(x => x.BufferMinutes, 15));
        await db.WeeklyWindows.Where(w => w.DoctorId == DoctorId).ExecuteDeleteAsync();

        await ReadAsync<AppointmentDetails>(await DoAsync(missed.Id, "undo-no-show"));
    }

    [Fact]
    public async Task R11_taking_a_no_show_back_clears_a_lapsed_hold_on_its_time()
    {
        var missed = await NoShowAsync("05T09:00");
        await using var db = App.OpenDatabase();
        var held = await HoldAsync("05T09:15", (await db.AddPatientsAsync(1)).Single());
        await AssertProblemAsync(await DoAsync(missed.Id, "undo-no-show"), 409, "slot_taken");
        Api.Clock.MoveTo(held.HoldExpiresAt!.Value);

        await ReadAsync<AppointmentDetails>(await DoAsync(missed.Id, "undo-no-show"));

        Assert.Equal("system", (await HistoryAsync(held.Id))[^1].Actor);
    }

    [Fact]
    public async Task R22_every_action_is_refused_where_the_table_of_transitions_has_none()
    {
        var paths = new Dictionary<AppointmentAction, string>
        {
            [AppointmentAction.Confirm] = "confirm",
            [AppointmentAction.CheckIn] = "check-in",
            [AppointmentAction.Complete] = "complete",
            [AppointmentAction.NoShow] = "no-show",
            [AppointmentAction.UndoNoShow] = "undo-no-show",
        };
        var booked = await BookAsync("05T09:00");
        await using var db = App.OpenDatabase();
        foreach (var status in Enum.GetValues<AppointmentStatus>().Where(s => s != AppointmentStatus.Held))
        {
            await db.Appointments.Where(a => a.Id == booked.Id).ExecuteUpdateAsync(a => a.SetProperty(x => x.Status, status));
            foreach (var (action, path) in paths.Where(p => Lifecycle.After(status, p.Key) is null))
            {
                await AssertProblemAsync(await DoAsync(booked.Id, path), 409, "invalid_transition");
            }
        }

        Assert.Single(await HistoryAsync(booked.Id));
    }

    [Theory]
    [InlineData("check-in")]
    [InlineData("no-show")]
    public async Task R28_the_days_work_replays_and_honours_If_Match(string what)
    {
        var booked = await BookAsync("05T09:00");
        Api.Clock.MoveTo(Lima("05T09:15"));
        var key = Guid.NewGuid().ToString();

        await AssertProblemAsync(await DoAsync(booked.Id, what, ifMatch: "\"1\""), 412, "version_conflict");
        var first = await DoAsync(booked.Id, what, key, $"\"{booked.Version}\"");
        var second = await DoAsync(booked.Id, what, key, $"\"{booked.Version}\"");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(["true"], second.Headers.GetValues("Idempotency-Replayed"));
        Assert.Equal(2, (await HistoryAsync(booked.Id)).Count);
    }

    [Fact]
    public async Task R29_an_unknown_visit_is_404()
    {
        foreach (var what in new[] { "confirm", "check-in", "complete", "no-show", "undo-no-show" })
        {
            await AssertProblemAsync(await DoAsync(Guid.NewGuid(), what), 404, "not_found");
        }
    }

    /// <summary>A visit that was missed; the clock stands a quarter of an hour after its start.</summary>
    private async Task<AppointmentDetails> NoShowAsync(string start)
    {
        var booked = await BookAsync(start);
        Api.Clock.MoveTo(Lima(start).AddMinutes(15));
        return await ReadAsync<AppointmentDetails>(await DoAsync(booked.Id, "no-show"));
    }
}
