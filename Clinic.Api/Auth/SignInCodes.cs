using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Clinic.Api.Problems;
using Clinic.Data;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Auth;

/// <summary>
/// One-time codes by address: six digits, good for ten minutes and five tries, kept as a keyed hash. Known and unknown
/// addresses are treated alike. All counting happens in single statements, so that parallel requests count each other.
/// </summary>
internal sealed class SignInCodes(IDbContextFactory<ClinicDbContext> databases, SigningKeys keys, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public const int MaxTries = 5;

    /// <summary>Codes of one address within <see cref="SendingSpan"/>; a sign-in starts the count anew.</summary>
    public const int MaxSent = 5;

    public static readonly TimeSpan SendingSpan = TimeSpan.FromMinutes(15);

    /// <summary>A new code for the address; an earlier one is no longer good.</summary>
    /// <exception cref="ClinicProblem">429 after <see cref="MaxSent"/> codes.</exception>
    public async Task<string> IssueAsync(string email, CancellationToken cancellationToken)
    {
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        var hash = Hash(email, code);
        var now = clock.GetUtcNow();
        var (expires, countedFrom) = (now + Life, now - SendingSpan);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var written = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO clinic.sign_in_codes AS c (email, code_hash, expires_at, tries, sent, sent_since)
            VALUES ({email}, {hash}, {expires}, 0, 1, {now})
            ON CONFLICT (email) DO UPDATE SET
                code_hash = excluded.code_hash, expires_at = excluded.expires_at, tries = 0,
                sent = CASE WHEN c.sent_since <= {countedFrom} THEN 1 ELSE c.sent + 1 END,
                sent_since = CASE WHEN c.sent_since <= {countedFrom} THEN excluded.sent_since ELSE c.sent_since END
            WHERE c.sent < {MaxSent} OR c.sent_since <= {countedFrom}
            """,
            cancellationToken);
        return written == 1 ? code : throw await TooManyAsync(db, email, now, cancellationToken);
    }

    /// <summary>Counts a try, and says whether it is the right code and still good. A right one is not used up by this.</summary>
    public async Task<bool> TryAsync(string email, string code, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Composable neither by EF nor by anybody: the first row is all there is.
        var hashes = await db.Database.SqlQuery<byte[]>(
            $"""
            UPDATE clinic.sign_in_codes SET tries = tries + 1
            WHERE email = {email} AND expires_at > {now} AND tries < {MaxTries}
            RETURNING code_hash AS "Value"
            """).ToListAsync(cancellationToken);
        // Hashed also where there is nothing to compare with, so that the time taken tells nothing.
        var given = Hash(email, code);
        return hashes is [var hash] && CryptographicOperations.FixedTimeEquals(hash, given);
    }

    /// <summary>Uses the code up within the caller's transaction; false when somebody else just has.</summary>
    public async Task<bool> UseUpAsync(ClinicDbContext db, string email, string code, CancellationToken cancellationToken)
    {
        var hash = Hash(email, code);
        return await db.SignInCodes.Where(c => c.Email == email && c.CodeHash == hash).ExecuteDeleteAsync(cancellationToken) == 1;
    }

    private byte[] Hash(string email, string code) => HMACSHA256.HashData(keys.CodeKey, Encoding.UTF8.GetBytes($"{email}\n{code}"));

    private static async Task<ClinicProblem> TooManyAsync(ClinicDbContext db, string email, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = await db.SignInCodes.Where(c => c.Email == email).Select(c => (DateTimeOffset?)c.SentSince).SingleOrDefaultAsync(cancellationToken);
        return ClinicProblem.TooMany(
            "Several codes have gone to this address already. Please use the latest one, or ask again later.",
            (since ?? now) + SendingSpan - now);
    }
}
