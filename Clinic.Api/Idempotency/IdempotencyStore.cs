using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using Clinic.Data;
using Clinic.Data.Idempotency;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clinic.Api.Idempotency;

/// <summary>Remembers answers by Idempotency-Key, within the transaction of the change that they answer.</summary>
internal static class IdempotencyStore
{
    /// <summary>How long an answer is kept; afterwards its key may be used again.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>
    /// Takes the key for this transaction, in one round trip. The key is free again when the transaction ends, and also when
    /// its process dies.
    /// </summary>
    /// <exception cref="ClinicProblem">409 while another request holds the key; 422 if it came with another request.</exception>
    public static async Task<TakenKey> TakeAsync(
        ClinicDbContext db, IdempotencyKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Two commands, since the second has to see what the lock's last holder committed: each has a snapshot of its own.
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection())
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("SELECT pg_try_advisory_xact_lock($1), pg_current_xact_id()::text")
                {
                    Parameters = { new() { Value = LockOf(key.Caller.Name, key.Key) } },
                },
                new NpgsqlBatchCommand(
                    "SELECT request_hash, status_code, body, location, etag, created_at FROM clinic.idempotency_keys WHERE caller = $1 AND key = $2")
                {
                    Parameters = { new() { Value = key.Caller.Name }, new() { Value = key.Key } },
                },
            },
        };
        var (transaction, stored) = await ReadAsync(batch, key, cancellationToken);
        if (stored is not null && stored.CreatedAt <= now - Life)
        {
            await db.IdempotencyKeys.Where(r => r.Caller == key.Caller.Name && r.Key == key.Key).ExecuteDeleteAsync(cancellationToken);
            return new TakenKey(transaction, null);
        }

        return stored is null || stored.RequestHash.AsSpan().SequenceEqual(key.RequestHash)
            ? new TakenKey(transaction, stored)
            : throw ClinicProblem.Unprocessable(
                ProblemCodes.IdempotencyKeyReused, "This Idempotency-Key came before with another request. Use a new key for a new request.");
    }

    /// <summary>The advisory lock that stands for a caller's key.</summary>
    public static long LockOf(string caller, string key) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{key}")));

    private static async Task<(uint Transaction, IdempotentResponse? Stored)> ReadAsync(
        NpgsqlBatch batch, IdempotencyKey key, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (!reader.GetBoolean(0))
        {
            throw ClinicProblem.Conflict(
                ProblemCodes.RequestInFlight, "A request with this Idempotency-Key is still being worked on. Ask again in a moment.");
        }

        // Rows hold its lower half.
        var transaction = unchecked((uint)ulong.Parse(reader.GetString(1), CultureInfo.InvariantCulture));
        await reader.NextResultAsync(cancellationToken);
        return (transaction, !await reader.ReadAsync(cancellationToken) ? null : new IdempotentResponse
        {
            Caller = key.Caller.Name,
            Key = key.Key,
            RequestHash = reader.GetFieldValue<byte[]>(0),
            StatusCode = reader.GetInt32(1),
            Body = reader.GetString(2),
            Location = reader.IsDBNull(3) ? null : reader.GetString(3),
            ETag = reader.IsDBNull(4) ? null : reader.GetString(4),
            CreatedAt = reader.GetFieldValue<DateTimeOffset>(5),
        });
    }
}

/// <summary>A key that this transaction holds.</summary>
/// <param name="Version">
/// What every row that the transaction writes will have as its version: Postgres's <c>xmin</c> is the id of the writing
/// transaction. So an answer can be kept together with the visit that it tells of, in one command less.
/// </param>
/// <param name="Stored">The answer, if the request was done before; null: go on.</param>
internal sealed record TakenKey(uint Version, IdempotentResponse? Stored);
