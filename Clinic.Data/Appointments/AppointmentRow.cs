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

    /// <summary>The visit of the row on which the reader stands; its columns come first.</summary>
    public static Appointment Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        DoctorId = row.GetGuid(1),
        PatientId = row.GetGuid(2),
        TreatmentId = row.GetGuid(3),
        StartsAt = row.ReadInstant(4),
        EndsAt = row.ReadInstant(5),
        Modality = row.GetFieldValue<Modality>(6),
        Status = row.GetFieldValue<AppointmentStatus>(7),
        Reason = row.IsDBNull(8) ? null : row.GetString(8),
        HoldExpiresAt = row.IsDBNull(9) ? null : row.ReadInstant(9),
        Sequence = row.GetInt32(10),
        CreatedAt = row.ReadInstant(11),
        Version = row.GetFieldValue<uint>(12),
    };
}
