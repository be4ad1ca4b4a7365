using Clinic.Data;
using Clinic.Data.Appointments;
using Clinic.Data.Idempotency;
using Clinic.Data.Messages;
using Npgsql;
using NpgsqlTypes;

namespace Clinic.Api.Appointments;

/// <summary>
/// The rows of one change as commands of one batch, which commits with them: the last round trip of every change. Written
/// by hand because Entity Framework sends the rows and the commit apart, and costs as much time again to find out what to send.
/// </summary>
internal sealed class ChangeWrites(NpgsqlConnection connection) : IAsyncDisposable
{
    private const string OneMessage =
        "INSERT INTO clinic.outbox (id, appointment_id, kind, sequence, due_at, created_at, attempts) VALUES ($1, $2, $3, $4, $5, $6, 0)";

    private const string TwoMessages = $"{OneMessage}, ($7, $8, $9, $10, $11, $12, 0)";

    private readonly NpgsqlBatch _batch = new(connection);

    public void Visit(Appointment visit, bool isNew)
    {
        if (isNew)
        {
            Add(
                """
                INSERT INTO clinic.appointments
                    (id, starts_at, ends_at, modality, status, hold_expires_at, sequence, doctor_id, patient_id, treatment_id, reason, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                """,
                [.. Changing(visit), new() { Value = visit.DoctorId }, new() { Value = visit.PatientId }, new() { Value = visit.TreatmentId },
                    Text(visit.Reason), new() { Value = visit.CreatedAt.UtcDateTime }]);
        }
        else
        {
            Add(
                """
                UPDATE clinic.appointments
                SET starts_at = $2, ends_at = $3, modality = $4, status = $5, hold_expires_at = $6, sequence = $7
                WHERE id = $1
                """,
                Changing(visit));
        }
    }

    public void Audit(AuditEntry entry) => Add(
        """
        INSERT INTO clinic.audit_trail (appointment_id, at, actor, action, from_status, to_status, details, change_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        new() { Value = entry.AppointmentId },
        new() { Value = entry.At.UtcDateTime },
        new() { Value = entry.Actor },
        new() { Value = entry.Action },
        new() { Value = entry.FromStatus is { } from ? from : DBNull.Value, DataTypeName = "clinic.appointment_status" },
        new() { Value = entry.ToStatus },
        new() { Value = (object?)entry.Details ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb },
        new() { Value = (object?)entry.ChangeId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });

    /// <summary>One command for all messages of a change: there are two at most, a notice and a reminder.</summary>
    public void Messages(IReadOnlyList<OutboxMessage> messages)
    {
        var command = new NpgsqlBatchCommand(messages.Count == 1 ? OneMessage : TwoMessages);
        foreach (var message in messages)
        {
            command.Parameters.Add(new() { Value = message.Id });
            command.Parameters.Add(new() { Value = message.AppointmentId });
            command.Parameters.Add(new() { Value = message.Kind });
            command.Parameters.Add(new() { Value = message.Sequence });
            command.Parameters.Add(new() { Value = message.DueAt.UtcDateTime });
            command.Parameters.Add(new() { Value = message.CreatedAt.UtcDateTime });
        }

        Add(command);
    }

    /// <summary>The key is taken, so an answer that stands under it has had its time.</summary>
    public void Answer(IdempotentResponse response) => Add(
        """
        INSERT INTO clinic.idempotency_keys (caller, key, request_hash, status_code, body, location, etag, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (caller, key) DO UPDATE SET request_hash = excluded.request_hash, status_code = excluded.status_code,
            body = excluded.body, location = excluded.location, etag = excluded.etag, created_at = excluded.created_at
        """,
        new() { Value = response.Caller },
        new() { Value = response.Key },
        new() { Value = response.RequestHash },
        new() { Value = response.StatusCode },
        new() { Value = response.Body },
        Text(response.Location),
        Text(response.ETag),
        new() { Value = response.CreatedAt.UtcDateTime });

    public void Add(NpgsqlBatchCommand command) => _batch.BatchCommands.Add(command);

    public Task CommitAsync() => _batch.CommitAsync();

    public ValueTask DisposeAsync() => _batch.DisposeAsync();

    private static NpgsqlParameter[] Changing(Appointment visit) =>
    [
        new() { Value = visit.Id },
        new() { Value = visit.StartsAt.UtcDateTime },
        new() { Value = visit.EndsAt.UtcDateTime },
        new() { Value = visit.Modality },
        new() { Value = visit.Status },
        new() { Value = visit.HoldExpiresAt is { } lapses ? lapses.UtcDateTime : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        new() { Value = visit.Sequence },
    ];

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private void Add(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        Add(command);
    }
}
