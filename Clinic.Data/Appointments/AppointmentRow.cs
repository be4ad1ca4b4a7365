using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;
using Npgsql;

namespace Clinic.Data.Appointments;

/// <summary>Visits in commands that are written by hand.</summary>
public static class AppointmentRow
{
    /// <summary>What <see cref="Read"/> reads, of <c>clinic.appointments a</c>.</summary>
    public const string Columns =
        "a.id, a.doctor_id, a.patient_id, a.treatment_id, a.starts_at, a.ends_at, a.modality, a.status, a.reason, a.hold_expires_at, a.sequence, a.created_at, a.xmin";

    /// <summary>How many columns that is.</summary>
    public const int ColumnCount = 13;

    /// <summary>The visit of the row on which the reader stands.</summary>
    public static Appointment Read(NpgsqlDataReader row, int firstColumn = 0) => new()
    {
        Id = row.GetGuid(firstColumn),
        DoctorId = row.GetGuid(firstColumn + 1),
        PatientId = row.GetGuid(firstColumn + 2),
        TreatmentId = row.GetGuid(firstColumn + 3),
        StartsAt = row.ReadInstant(firstColumn + 4),
        EndsAt = row.ReadInstant(firstColumn + 5),
        Modality = row.GetFieldValue<Modality>(firstColumn + 6),
        Status = row.GetFieldValue<AppointmentStatus>(firstColumn + 7),
        Reason = row.IsDBNull(firstColumn + 8) ? null : row.GetString(firstColumn + 8),
        HoldExpiresAt = row.IsDBNull(firstColumn + 9) ? null : row.ReadInstant(firstColumn + 9),
        Sequence = row.GetInt32(firstColumn + 10),
        CreatedAt = row.ReadInstant(firstColumn + 11),
        Version = row.GetFieldValue<uint>(firstColumn + 12),
    };
}
