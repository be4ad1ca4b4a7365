using Npgsql;

namespace Clinic.Api.Appointments;

/// <summary>
/// Cancels holds that have lapsed and stand in the way of a visit: the exclusion constraints count a held visit for as long
/// as its row says so (R11).
/// </summary>
internal static class LapsedHolds
{
    /// <summary>Actor of the audit trail for what nobody asked for.</summary>
    private const string Actor = "system";

    /// <summary>Clears those of the holds that are still held and lapsed; to be sent before what they stand in the way of.</summary>
    /// <remarks>
    /// The caller has locked its doctor and its patient, and each of the holds belongs to one of them. A hold's confirm locks
    /// its doctor and its patient too, so whichever of the two locks is shared, it has either been confirmed before our
    /// calendar was read, and is no lapsed hold there, or finds it cancelled. That holds for a hold of our patient at another
    /// doctor, whose lock we do not have. Two that clear the same holds from either side, one as the doctor's and one as the
    /// patient's, share no lock: they take the rows in the order of their ids, and the second finds nothing left to do.
    /// </remarks>
    public static NpgsqlBatchCommand Clear(Guid[] ids, DateTimeOffset now) => new(
        """
        WITH lapsed AS (
            SELECT id, hold_expires_at FROM clinic.appointments
            WHERE id = ANY($1) AND status = 'held' AND hold_expires_at <= $2
            ORDER BY id FOR NO KEY UPDATE),
        cleared AS (
            UPDATE clinic.appointments a SET status = 'cancelled', hold_expires_at = NULL
            FROM lapsed WHERE a.id = lapsed.id
            RETURNING a.id, lapsed.hold_expires_at)
        INSERT INTO clinic.audit_trail (appointment_id, at, actor, action, from_status, to_status, details)
        SELECT id, $2, $3, 'cancel', 'held', 'cancelled',
               jsonb_build_object('reason', 'The hold lapsed.', 'holdExpiredAt', hold_expires_at)
        FROM cleared ORDER BY id
        """)
    {
        Parameters = { new() { Value = ids }, new() { Value = now.UtcDateTime }, new() { Value = Actor } },
    };
}
