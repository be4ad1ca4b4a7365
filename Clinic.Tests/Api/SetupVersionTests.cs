using System.Net;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Calendars;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clinic.Tests.Api;

/// <summary>R4: what an instance remembers of a doctor is used only while Postgres says that it is current, whoever changed it.</summary>
public sealed class SetupVersionTests(ClinicApp app) : ApiTest(app)
{
    public static TheoryData<string> Changes => new(
        "UPDATE clinic.doctors SET full_name = full_name || '!' WHERE id = {0}",
        "UPDATE clinic.doctors SET horizon_days = 7 WHERE id = {0}",
        "UPDATE clinic.treatments SET price = price + 1 WHERE doctor_id = {0}",
        "UPDATE clinic.treatments SET removed_at = now() WHERE doctor_id = {0}",
        "DELETE FROM clinic.treatments WHERE doctor_id = {0}",
        "UPDATE clinic.weekly_windows SET modality = 'online' WHERE doctor_id = {0}",
        "DELETE FROM clinic.weekly_windows WHERE doctor_id = {0}",
        "INSERT INTO clinic.schedule_exceptions (id, doctor_id, starts_at, ends_at, kind, modality) VALUES (gen_random_uuid(), {0}, '2030-03-05 00:00', '2030-03-06 00:00', 'closed', 'any')");

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Every_change_of_a_doctor_in_SQL_renews_the_version_and_of_nobody_else(string sql)
    {
        await using var db = App.OpenDatabase();
        var (other, _) = await db.AddDoctorAsync();
        var before = (await VersionAsync(db, DoctorId), await VersionAsync(db, other));

        await db.Database.ExecuteSqlRawAsync(sql, DoctorId);

        Assert.NotEqual(before.Item1, await VersionAsync(db, DoctorId));
        Assert.Equal(before.Item2, await VersionAsync(db, other));
    }

    [Fact]
    public async Task Rows_that_change_hands_renew_the_version_of_both_doctors()
    {
        await using var db = App.OpenDatabase();
        var (other, _) = await db.AddDoctorAsync();
        var before = (await VersionAsync(db, DoctorId), await VersionAsync(db, other));

        await db.Database.ExecuteSqlAsync($"UPDATE clinic.weekly_windows SET doctor_id = {other}, starts_at = '18:00', ends_at = '19:00' WHERE doctor_id = {DoctorId}");

        Assert.NotEqual(before.Item1, await VersionAsync(db, DoctorId));
        Assert.NotEqual(before.Item2, await VersionAsync(db, other));
    }

    [Fact]
    public async Task A_lock_on_the_doctor_and_a_booking_leave_the_version_alone()
    {
        await using var db = App.OpenDatabase();
        var before = await VersionAsync(db, DoctorId);

        await BookAsync("05T09:00");

        Assert.Equal(before, await VersionAsync(db, DoctorId));
    }

    [Fact]
    public async Task R4_hours_that_are_taken_away_in_SQL_hold_for_the_next_booking_of_an_instance_that_knew_others()
    {
        await BookAsync("05T09:00");
        await using var db = App.OpenDatabase();

        await db.Database.ExecuteSqlAsync($"UPDATE clinic.weekly_windows SET starts_at = '12:00' WHERE doctor_id = {DoctorId}");

        await AssertProblemAsync(await PostAsync("/api/appointments", Visit("05T10:00")), 422, "outside_availability");
        await ReadAsync<AppointmentDetails>(await PostAsync("/api/appointments", Visit("05T12:00")), HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_setup_that_is_known_takes_no_command_and_one_that_has_changed_takes_one()
    {
        using var commands = new SqlCommandCounter(Api);
        Assert.StartsWith("09:00", await FreeTimesAsync("05"), StringComparison.Ordinal);
        commands.Reset();
        Assert.StartsWith("09:00", await FreeTimesAsync("06"), StringComparison.Ordinal);
        Assert.Equal(CalendarReader.CommandCount, commands.Count);
        await using var db = App.OpenDatabase();
        await db.Database.ExecuteSqlAsync($"UPDATE clinic.weekly_windows SET starts_at = '12:00' WHERE doctor_id = {DoctorId}");
        commands.Reset();

        Assert.StartsWith("12:00", await FreeTimesAsync("07"), StringComparison.Ordinal);
        Assert.Equal(CalendarReader.CommandCount + 1, commands.Count);
    }

    [Fact]
    public async Task A_setup_is_read_as_it_was_written()
    {
        await using var db = App.OpenDatabase();
        await db.Database.ExecuteSqlAsync($"UPDATE clinic.doctors SET slot_minutes = 20, buffer_minutes = 5, min_notice_minutes = 90, horizon_days = 33, change_notice_minutes = 120 WHERE id = {DoctorId}");
        await db.Database.ExecuteSqlAsync($"UPDATE clinic.weekly_windows SET starts_at = '22:00', ends_at = '06:30', modality = 'in_person' WHERE doctor_id = {DoctorId} AND day_of_week = 3");
        await db.Database.ExecuteSqlAsync($"DELETE FROM clinic.weekly_windows WHERE doctor_id = {DoctorId} AND day_of_week <> 3");
        await db.Database.ExecuteSqlAsync($"INSERT INTO clinic.schedule_exceptions (id, doctor_id, starts_at, ends_at, kind, modality, reason) VALUES ({Guid.CreateVersion7()}, {DoctorId}, '2029-03-05 08:15', '2029-03-06 00:00', 'open', 'online', 'Año nuevo')");

        var setup = await SetupAsync(db);

        Assert.Equal("America/Lima", setup.Availability.Zone.Id);
        Assert.Equal(new BookingRules(20, 5, 90, 33, 120), setup.Availability.Rules);
        Assert.Equal([new WeeklyHours(DayOfWeek.Wednesday, new TimeOnly(22, 0), new TimeOnly(6, 30), WindowModality.InPerson)], setup.Availability.Weekly);
        Assert.Equal(
            [new ScheduleException(new DateTime(2029, 3, 5, 8, 15, 0), new DateTime(2029, 3, 6), ExceptionKind.Open, WindowModality.Online, "Año nuevo")],
            setup.Availability.Exceptions);
        var treatment = Assert.Single(setup.Treatments);
        Assert.Equal((TreatmentId, "Consultation", 30), (treatment.Id, treatment.Name, treatment.DurationMinutes));
        Assert.Equal([Modality.InPerson, Modality.Online], treatment.Modalities);
    }

    private async Task<DoctorSetup> SetupAsync(ClinicDbContext db)
    {
        await db.Database.OpenConnectionAsync();
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var found = await new DoctorSetups().OfAsync(connection, [new(DoctorId, await VersionAsync(db, DoctorId))], default);
        return found[DoctorId];
    }

    private static Task<Guid> VersionAsync(ClinicDbContext db, Guid doctorId) =>
        db.Database.SqlQuery<Guid>($"SELECT setup_version AS \"Value\" FROM clinic.doctors WHERE id = {doctorId}").SingleAsync();
}
