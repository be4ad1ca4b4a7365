using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using Clinic.Data;
using Clinic.Data.Idempotency;
using Npgsql;

namespace Clinic.Api.Idempotency;

/// <summary>Remembers answers by Idempotency-Key, within the transaction of the change that they answer, whose commands take and read the key.</summary>
internal static class IdempotencyStore
{
    /// <summary>How long an answer is kept; afterwards its key may be used again.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>
    /// What <see cref="Read"/> reads, of <c>clinic.idempotency_keys k</c>. To be asked for by a command after that of
    /// <see cref="Take"/>: only that one sees what the key's last holder committed.
    /// </summary>
    public const string Columns = "k.request_hash, k.status_code, k.body, k.location, k.etag, k.created_at";

    /// <summary>How many columns that is.</summary>
    public const int ColumnCount = 6;

    /// <summary>
    /// SQL of whether the key is this transaction's, given its number as <paramref name="parameter"/>, or null for a request
    /// without one. It is free again when the transaction ends, and also when its process dies.
    /// </summary>
    public static string Take(string parameter) => $"coalesce(pg_try_advisory_xact_lock({parameter}), true)";

    /// <summary>The answer, if the request was done before; null: go on.</summary>
    /// <param name="key">The request's key.</param>
    /// <param name="isOurs">What <see cref="Take"/> said.</param>
    /// <param name="stored">What stands under the key.</param>
    /// <param name="now">Decides whether that has had its time.</param>
    /// <exception cref="ClinicProblem">409 while another request holds the key; 422 if it came with another request.</exception>
    public static IdempotentResponse? Replay(IdempotencyKey key, bool isOurs, IdempotentResponse? stored, DateTimeOffset now)
    {
        if (!isOurs)
        {
            throw ClinicProblem.Conflict(
                ProblemCodes.RequestInFlight, "A request with this Idempotency-Key is still being worked on. Ask again in a moment.");
        }

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

    /// <summary>The answer in the row on which the reader stands; null where there is none.</summary>
    public static IdempotentResponse? Read(NpgsqlDataReader row, IdempotencyKey key, int firstColumn) => row.IsDBNull(firstColumn) ? null : new()
    {
        Caller = key.Caller.Name,
        Key = key.Key,
        RequestHash = row.GetFieldValue<byte[]>(firstColumn),
        StatusCode = row.GetInt32(firstColumn + 1),
        Body = row.GetString(firstColumn + 2),
        Location = row.IsDBNull(firstColumn + 3) ? null : row.GetString(firstColumn + 3),
        ETag = row.IsDBNull(firstColumn + 4) ? null : row.GetString(firstColumn + 4),
        CreatedAt = row.ReadInstant(firstColumn + 5),
    };
}
