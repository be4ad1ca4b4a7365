using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Contracts;
using Clinic.Data;
using Clinic.Data.Idempotency;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Idempotency;

/// <summary>Remembers answers by Idempotency-Key, within the transaction of the change that they answer.</summary>
internal static class IdempotencyStore
{
    /// <summary>
    /// Takes the key for this transaction. Gives the answer if the request was done before, else null: go on. The key is
    /// free again when the transaction ends, and also when its process dies.
    /// </summary>
    /// <exception cref="ClinicProblem">409 while another request holds the key; 422 if it came with another request.</exception>
    public static async Task<IdempotentResponse?> TakeAsync(ClinicDbContext db, IdempotencyKey key, CancellationToken cancellationToken)
    {
        var isTaken = await db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock({LockOf(key.Caller, key.Key)}) AS \"Value\"").SingleAsync(cancellationToken);
        if (!isTaken)
        {
            throw ClinicProblem.Conflict(
                ProblemCodes.RequestInFlight, "A request with this Idempotency-Key is still being worked on. Ask again in a moment.");
        }

        var stored = await db.IdempotencyKeys.AsNoTracking()
            .SingleOrDefaultAsync(r => r.Caller == key.Caller.Name && r.Key == key.Key, cancellationToken);
        return stored is null || stored.RequestHash.AsSpan().SequenceEqual(key.RequestHash)
            ? stored
            : throw ClinicProblem.Unprocessable(
                ProblemCodes.IdempotencyKeyReused, "This Idempotency-Key came before with another request. Use a new key for a new request.");
    }

    /// <summary>The advisory lock that stands for a caller's key.</summary>
    public static long LockOf(Caller caller, string key) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Name}\n{key}")));
}
