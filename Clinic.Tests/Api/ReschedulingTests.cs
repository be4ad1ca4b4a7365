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
    public async Task A_patient_can_neither_move_nor_cancel_a_visit_that_has_begun()
    {
        var booked = await BookAsync("05T09:00");
        Api.Clock.MoveTo(Lima("05T09:00"));
        using var patient = AsPatient(PatientId);

        await AssertProblemAsync(await MoveAsync(booked.Id, "05T10:00", client: patient), 409, "too_late");
        await AssertProblemAsync(await CancelAsync(booked.Id, patient), 409, "too_late");
    }

    [Fact]
    public async Task The_front_desk_moves_and_cancels_a_visit_that_has_begun_and_is_not_checked_in()
    {
        var moved = await BookAsync("05T09:00");
        await using var db = App.OpenDatabase();
        var cancelled = await BookAsync("05T09:30", (await db.AddPatientsAsync(1)).Single());
        Api.Clock.MoveTo(Lima("05T09:40"));

        Assert.Equal(Lima("05T10:00"), (await ReadAsync<AppointmentDetails>(await MoveAsync(moved.Id, "05T10:00"))).Start);
        Assert.Equal(AppointmentStatus.Cancelled, (await ReadAsync<AppointmentDetails>(await CancelAsync(cancelled.Id))).Status);
    }

    [Fact]
    public async Task The_doctors_notice_binds_patients_and_says_until_when_and_not_the_front_desk()
    {
        await using var db = App.OpenDatabase();
        await db.Doctors.Where(d => d.Id == DoctorId).ExecuteUpdateAsync(d => d.SetProperty(x => x.ChangeNoticeMinutes, 120));
        var booked = await BookAsync("05T12:00");
        using var patient = AsPatient(PatientId);

        Api.Clock.MoveTo(Lima("05T10:00"));
        booked = await ReadAsync<AppointmentDetails>(await MoveAsync(booked.Id, "05T12:30", client: patient));
        Api.Clock.MoveTo(Lima("05T10:30").AddTicks(1));
        var refused = await AssertProblemAsync(await MoveAsync(booked.Id, "05T16:00", client: patient), 409, "too_late");
        Assert.Contains("2030-03-05 10:30 (America/Lima)", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await AssertProblemAsync(await CancelAsync(booked.Id, patient), 409, "too_late");

        await ReadAsync<AppointmentDetails>(await MoveAsync(booked.Id, "05T16:00"));
        await ReadAsync<AppointmentDetails>(await CancelAsync(booked.Id));
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

    private Task<HttpResponseMessage> MoveAsync(Guid id, string start, string? ifMatch = null, HttpClient? client = null) =>
        SendAsync(HttpMethod.Put, $"/api/appointments/{id}", new MoveAppointment { Start = Lima(start) }, ifMatch: ifMatch, client: client);

    private Task<HttpResponseMessage> CancelAsync(Guid id, HttpClient? client = null) =>
        SendAsync(HttpMethod.Delete, $"/api/appointments/{id}", client: client);
}
