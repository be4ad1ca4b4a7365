using System.Net;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Messages;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Api;

/// <summary>R17: moving and cancelling.</summary>
public sealed class ReschedulingTests(ClinicApp app) : ApiTest(app)
{
    [Fact]
    public async Task R17_a_move_keeps_the_id_frees_the_old_time_at_once_and_is_told_once()
    {
        var booked = await BookAsync("05T09:00");

        var moved = await ReadAsync<AppointmentDetails>(await MoveAsync(booked.Id, "05T11:00"));

        Assert.Equal((booked.Id, Lima("05T11:00"), Lima("05T11:30")), (moved.Id, moved.Start, moved.End));
        Assert.NotEqual(booked.Version, moved.Version);
        var free = await FreeTimesAsync("05");
        Assert.StartsWith("09:00", free, StringComparison.Ordinal);
        Assert.DoesNotContain("11:00", free, StringComparison.Ordinal);
        await using var db = App.OpenDatabase();
        Assert.Equal(1, await db.Outbox.CountAsync(m => m.AppointmentId == booked.Id && m.Kind == MessageKind.Moved));
    }

    [Fact]
    public async Task R17_a_visit_does_not_stand_in_its_own_way()
    {
        var booked = await BookAsync("05T09:00");

        var moved = await ReadAsync<AppointmentDetails>(await MoveAsync(booked.Id, "05T09:15"));

        Assert.Equal(Lima("05T09:15"), moved.Start);
    }

    [Theory]
    [InlineData("05T10:15", 409, "slot_taken")]
    [InlineData("05T18:00", 422, "outside_availability")]
    [InlineData("05T09:05", 422, "not_on_grid")]
    [InlineData("04T06:00", 422, "in_the_past")]
    public async Task R17_a_move_that_fails_leaves_the_visit_as_it_was(string start, int status, string code)
    {
        await using var db = App.OpenDatabase();
        await BookAsync("05T10:00", (await db.AddPatientsAsync(1)).Single());
        var booked = await BookAsync("05T09:00");

        await AssertProblemAsync(await MoveAsync(booked.Id, start), status, code);

        Assert.Equal(booked, await ReadAsync<AppointmentDetails>(await Client.GetAsync($"/api/appointments/{booked.Id}")));
        Assert.Equal(1, await db.AuditTrail.CountAsync(e => e.AppointmentId == booked.Id));
    }

    [Fact]
    public async Task R17_a_cancelled_visit_can_neither_be_moved_nor_cancelled_again_and_its_time_is_free()
    {
        var booked = await BookAsync("05T09:00");

        var cancelled = await ReadAsync<AppointmentDetails>(await SendAsync(HttpMethod.Delete, $"/api/appointments/{booked.Id}?reason=Feeling%20better"));

        Assert.Equal(AppointmentStatus.Cancelled, cancelled.Status);
        await AssertProblemAsync(await MoveAsync(booked.Id, "05T10:00"), 409, "invalid_transition");
        await AssertProblemAsync(await SendAsync(HttpMethod.Delete, $"/api/appointments/{booked.Id}"), 409, "invalid_transition");
        Assert.StartsWith("09:00", await FreeTimesAsync("05"), StringComparison.Ordinal);
        var history = await ReadAsync<ItemList<HistoryEntry>>(await Client.GetAsync($"/api/appointments/{booked.Id}/history"));
        Assert.Equal([AppointmentAction.Book, AppointmentAction.Cancel], history.Items.Select(e => e.Action));
        Assert.Equal("Feeling better", history.Items[1].Details!.Value.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_visit_that_has_begun_can_neither_be_moved_nor_cancelled()
    {
        var booked = await BookAsync("05T09:00");
        Api.Clock.MoveTo(Lima("05T09:00"));

        await AssertProblemAsync(await MoveAsync(booked.Id, "05T10:00"), 409, "too_late");
        await AssertProblemAsync(await SendAsync(HttpMethod.Delete, $"/api/appointments/{booked.Id}"), 409, "too_late");
    }

    [Fact]
    public async Task If_Match_refuses_a_version_that_has_gone()
    {
        var booked = await BookAsync("05T09:00");
        await ReadAsync<AppointmentDetails>(await MoveAsync(booked.Id, "05T10:00", ifMatch: $"\"{booked.Version}\""));

        await AssertProblemAsync(await MoveAsync(booked.Id, "05T11:00", ifMatch: $"\"{booked.Version}\""), 412, "version_conflict");
        await AssertProblemAsync(await MoveAsync(booked.Id, "05T11:00", ifMatch: "nonsense"), 400, "invalid_request");
        await ReadAsync<AppointmentDetails>(await MoveAsync(booked.Id, "05T11:00", ifMatch: "*"));
    }

    [Fact]
    public async Task A_move_may_change_the_modality()
    {
        var booked = await BookAsync("05T09:00");

        var request = new MoveAppointment { Start = Lima("05T09:00"), Modality = Modality.Online };
        var moved = await ReadAsync<AppointmentDetails>(await SendAsync(HttpMethod.Put, $"/api/appointments/{booked.Id}", request));

        Assert.Equal((Modality.Online, booked.Start), (moved.Modality, moved.Start));
    }

    [Fact]
    public async Task A_move_keeps_the_visits_length_when_the_treatments_length_changed()
    {
        var booked = await BookAsync("05T09:00");
        await using var db = App.OpenDatabase();
        await db.Treatments.Where(t => t.Id == TreatmentId).ExecuteUpdateAsync(t => t.SetProperty(x => x.DurationMinutes, 60));

        var moved = await ReadAsync<AppointmentDetails>(await MoveAsync(booked.Id, "05T10:00"));

        Assert.Equal(TimeSpan.FromMinutes(30), moved.End - moved.Start);
    }

    [Fact]
    public async Task R17_of_twenty_moves_onto_one_time_exactly_one_succeeds_and_the_others_keep_what_they_had()
    {
        await using var db = App.OpenDatabase();
        var patients = await db.AddPatientsAsync(20);
        var booked = await Task.WhenAll(patients.Select((patient, i) => BookAsync($"{6 + (i / 10):00}T{9 + (i % 10 / 2):00}:{i % 2 * 30:00}", patient)));

        var responses = await Task.WhenAll(booked.Select(b => MoveAsync(b.Id, "05T09:00")));

        Assert.Equal([new(200, 1), new(409, 19)], responses.CountBy(r => (int)r.StatusCode).OrderBy(o => o.Key));
        var losers = booked.Zip(responses).Where(pair => pair.Second.StatusCode == HttpStatusCode.Conflict).Select(pair => pair.First);
        foreach (var loser in losers)
        {
            Assert.Equal(loser, await ReadAsync<AppointmentDetails>(await Client.GetAsync($"/api/appointments/{loser.Id}")));
        }
    }

    [Fact]
    public async Task Of_ten_cancels_at_once_exactly_one_succeeds()
    {
        var booked = await BookAsync("05T09:00");

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(HttpMethod.Delete, $"/api/appointments/{booked.Id}")));

        Assert.Equal([new(200, 1), new(409, 9)], responses.CountBy(r => (int)r.StatusCode).OrderBy(o => o.Key));
    }

    private Task<HttpResponseMessage> MoveAsync(Guid id, string start, string? ifMatch = null) =>
        SendAsync(HttpMethod.Put, $"/api/appointments/{id}", new MoveAppointment { Start = Lima(start) }, ifMatch: ifMatch);
}
