using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using Clinic.Data;
using Clinic.Data.Idempotency;
using Npgsql;

namespace Clinic.Api.Idempotency;

/// <summary>Remembers answers by Idempotency-Key, within the transaction of the change that they answer.</summary>
internal static class IdempotencyStore
{
    /// <summary>How long an answer is kept; afterwards its key may be used again.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>
    /// Adds the commands that take the key for this transaction, to be the first of a batch. The key is free again when the
    /// transaction ends, and also when its process dies.
    /// </summary>
    public static void AppendTake(NpgsqlBatch batch, IdempotencyKey key)
    {
        // Two commands, since the second has to see what the lock's last holder committed: each has a snapshot of its own.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_try_advisory_xact_lock($1)")
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = LockOf(key.Caller.Name, key.Key) } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "SELECT request_hash, status_code, body, location, etag, created_at FROM clinic.idempotency_keys WHERE caller = $1 AND key = $2")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = key.Caller.Name }, new NpgsqlParameter<string> { TypedValue = key.Key } },
        });
    }

    /// <summary>Reads what <see cref="AppendTake"/> asked for; afterwards the reader stands on the result that follows.</summary>
    /// <returns>The answer, if the request was done before; null: go on.</returns>
    /// <exception cref="ClinicProblem">409 while another request holds the key; 422 if it came with another request.</exception>
    public static async Task<IdempotentResponse?> ReadTakenAsync(
        NpgsqlDataReader reader, IdempotencyKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        if (!reader.GetBoolean(0))
        {
            throw ClinicProblem.Conflict(
                ProblemCodes.RequestInFlight, "A request with this Idempotency-Key is still being worked on. Ask again in a moment.");
        }

        await reader.NextResultAsync(cancellationToken);
        var stored = await reader.ReadAsync(cancellationToken) ? Read(reader, key) : null;
        await reader.NextResultAsync(cancellationToken);
        if (stored is null || stored.CreatedAt <= now - Life)
        {
            return null;
        }

        return stored.RequestHash.AsSpan().SequenceEqual(key.RequestHash)
            ? stored
            : throw ClinicProblem.Unprocessable(
                ProblemCodes.IdempotencyKeyReused, "This Idempotency-Key came before with another request. Use a new key for a new request.");
    }

    /// <summary>The advisory lock that stands for a caller's key.</summary>
    public static long LockOf(string caller, string key) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{key}")));

    private static IdempotentResponse Read(NpgsqlDataReader row, IdempotencyKey key) => new()
    {
        Caller = key.Caller.Name,
        Key = key.Key,
        RequestHash = row.GetFieldValue<byte[]>(0),
        StatusCode = row.GetInt32(1),
        Body = row.GetString(2),
        Location = row.IsDBNull(3) ? null : row.GetString(3),
        ETag = row.IsDBNull(4) ? null : row.GetString(4),
        CreatedAt = row.ReadInstant(5),
    };
}
