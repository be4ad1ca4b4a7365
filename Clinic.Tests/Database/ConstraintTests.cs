using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Appointments;
using Clinic.Data.Messages;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clinic.Tests.Database;

/// <summary>What Postgres refuses whoever asks, psql included.</summary>
public sealed class ConstraintTests(ClinicApp app) : IAsyncLifetime
{
    private static readonly DateTimeOffset Nine = new(2030, 3, 5, 14, 0, 0, TimeSpan.Zero);

    private ClinicDbContext _db = null!;
    private (Guid DoctorId, Guid TreatmentId) _doctor;
    private Guid[] _patients = [];

    public async ValueTask InitializeAsync()
    {
        _db = app.OpenDatabase();
        _doctor = await _db.AddDoctorAsync();
        _patients = await _db.AddPatientsAsync(2);
    }

    public ValueTask DisposeAsync() => _db.DisposeAsync();

    [Theory]
    [InlineData(0, 30)]
    [InlineData(-15, 30)]
    [InlineData(15, 30)]
    [InlineData(10, 10)]
    [InlineData(-30, 90)]
    public async Task R6_two_visits_of_a_doctor_never_overlap(int offset, int minutes)
    {
        await InsertAsync(Visit(0, 30, patient: 0));

        await AssertRefusedAsync("ex_appointments_doctor", Visit(offset, minutes, patient: 1));
    }

    [Fact]
    public async Task R8_visits_may_touch()
    {
        await InsertAsync(Visit(0, 30, patient: 0));

        await InsertAsync(Visit(30, 30, patient: 1), Visit(-30, 30, patient: 1));
    }

    [Fact]
    public async Task R9_two_visits_of_a_patient_never_overlap()
    {
        var other = await _db.AddDoctorAsync();
        await InsertAsync(Visit(0, 30, patient: 0));

        await AssertRefusedAsync("ex_appointments_patient", Visit(15, 30, patient: 0, doctor: other));
    }

    [Theory]
    [InlineData(AppointmentStatus.Cancelled)]
    [InlineData(AppointmentStatus.NoShow)]
    public async Task A_visit_that_does_not_take_place_blocks_nothing(AppointmentStatus status)
    {
        await InsertAsync(Visit(0, 30, patient: 0, status: status));

        await InsertAsync(Visit(0, 30, patient: 1));
    }

    [Fact]
    public async Task A_cancelled_visit_cannot_come_back_onto_a_taken_time()
    {
        var cancelled = Visit(0, 30, patient: 0, status: AppointmentStatus.Cancelled);
        await InsertAsync(cancelled);
        await InsertAsync(Visit(0, 30, patient: 1));

        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            _db.Database.ExecuteSqlAsync($"UPDATE clinic.appointments SET status = 'scheduled' WHERE id = {cancelled.Id}"));

        Assert.Equal("ex_appointments_doctor", refused.ConstraintName);
    }

    [Fact]
    public async Task A_visit_ends_after_it_starts_and_is_no_longer_than_the_longest_treatment()
    {
        await AssertRefusedAsync("ck_appointments_order", Visit(0, 0, patient: 0));
        await AssertRefusedAsync("ck_appointments_length", Visit(0, 481, patient: 0));
    }

    [Fact]
    public async Task R19_a_message_of_one_kind_and_sequence_exists_once()
    {
        var visit = Visit(0, 30, patient: 0);
        await InsertAsync(visit);
        await InsertAsync(Message(visit.Id, 0), Message(visit.Id, 1));

        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => InsertAsync(Message(visit.Id, 1)));

        Assert.Equal("ux_outbox_appointment_id_kind_sequence", ((PostgresException)refused.InnerException!).ConstraintName);
    }

    [Theory]
    [InlineData("UPDATE clinic.audit_trail SET actor = 'somebody else'")]
    [InlineData("DELETE FROM clinic.audit_trail")]
    [InlineData("TRUNCATE clinic.audit_trail")]
    [InlineData("TRUNCATE clinic.appointments CASCADE")]
    public async Task R31_the_audit_trail_refuses_every_change(string sql)
    {
        var visit = Visit(0, 30, patient: 0);
        await InsertAsync(visit);
        await InsertAsync(new AuditEntry
        {
            AppointmentId = visit.Id,
            At = FixedClock.Start,
            Actor = "test",
            Action = AppointmentAction.Book,
            FromStatus = null,
            ToStatus = AppointmentStatus.Scheduled,
        });

        var refused = await Assert.ThrowsAsync<PostgresException>(() => _db.Database.ExecuteSqlRawAsync(sql));

        Assert.Equal(PostgresErrorCodes.RestrictViolation, refused.SqlState);
        Assert.Contains("append-only", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_table_and_column_has_a_comment()
    {
        var silent = await _db.Database.SqlQuery<string>(
            $"""
            SELECT c.relname || coalesce('.' || a.attname, '') AS "Value"
            FROM pg_class c
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'clinic'::regnamespace AND c.relkind = 'r' AND c.relname <> 'schema_migrations'
              AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)
            """).ToListAsync();

        Assert.Empty(silent);
    }

    [Fact]
    public void The_model_has_no_change_that_a_migration_lacks()
    {
        Assert.False(_db.Database.HasPendingModelChanges());
    }

    private Appointment Visit(
        int offsetMinutes, int minutes, int patient, (Guid DoctorId, Guid TreatmentId)? doctor = null, AppointmentStatus status = AppointmentStatus.Scheduled) => new()
        {
            Id = Guid.CreateVersion7(),
            DoctorId = (doctor ?? _doctor).DoctorId,
            TreatmentId = (doctor ?? _doctor).TreatmentId,
            PatientId = _patients[patient],
            StartsAt = Nine.AddMinutes(offsetMinutes),
            EndsAt = Nine.AddMinutes(offsetMinutes + minutes),
            Modality = Modality.InPerson,
            Status = status,
            CreatedAt = FixedClock.Start,
        };

    private static OutboxMessage Message(Guid appointmentId, int sequence) => new()
    {
        Id = Guid.CreateVersion7(),
        AppointmentId = appointmentId,
        Kind = MessageKind.Moved,
        Sequence = sequence,
        DueAt = FixedClock.Start,
        CreatedAt = FixedClock.Start,
    };

    private async Task InsertAsync(params object[] rows)
    {
        _db.ChangeTracker.Clear();
        _db.AddRange(rows);
        await _db.SaveChangesAsync();
    }

    private async Task AssertRefusedAsync(string constraint, Appointment visit)
    {
        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => InsertAsync(visit));
        Assert.Equal(constraint, ((PostgresException)refused.InnerException!).ConstraintName);
    }
}
