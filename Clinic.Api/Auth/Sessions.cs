using System.Buffers.Text;
using System.Security.Cryptography;
using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using Clinic.Data;
using Clinic.Data.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Auth;

/// <summary>
/// Sign-ins and their refresh tokens. A refresh token is the session's id and a secret; each use replaces the secret, and
/// one that has been replaced ends the session for everybody.
/// </summary>
internal sealed partial class Sessions(
    IDbContextFactory<ClinicDbContext> databases, AccessTokens accessTokens, TimeProvider clock, ILogger<Sessions> logger)
{
    /// <summary>How long a session lasts that nobody uses.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    private const int SecretBytes = 32;

    /// <summary>Opens a session within the caller's transaction; it is there once that commits.</summary>
    public Tokens Open(ClinicDbContext db, Account account)
    {
        var now = clock.GetUtcNow();
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var session = new SignInSession
        {
            Id = Guid.CreateVersion7(now),
            AccountId = account.Id,
            TokenHash = SHA256.HashData(secret),
            CreatedAt = now,
            ExpiresAt = now + Life,
        };
        db.SignInSessions.Add(session);
        return Issue(account, session.Id, secret);
    }

    /// <summary>New tokens for a refresh token. Of two uses at once one wins, and the other ends the session.</summary>
    /// <exception cref="ClinicProblem">401: unknown, used before, expired or ended.</exception>
    public async Task<Tokens> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var (sessionId, given) = Parse(refreshToken) ?? throw NotGood();
        var now = clock.GetUtcNow();
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var (givenHash, nextHash, expires) = (SHA256.HashData(given), SHA256.HashData(secret), now + Life);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);

        // Compare and swap in one statement.
        var replaced = await db.SignInSessions
            .Where(s => s.Id == sessionId && s.TokenHash == givenHash && s.EndedAt == null && s.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.TokenHash, nextHash).SetProperty(s => s.ExpiresAt, expires), CancellationToken.None);
        if (replaced == 0)
        {
            if (await EndAsync(db.SignInSessions.Where(s => s.Id == sessionId && s.TokenHash != givenHash)) > 0)
            {
                LogReused(sessionId);
            }

            throw NotGood();
        }

        var account = await db.Accounts.AsNoTracking()
            .SingleOrDefaultAsync(a => a.DisabledAt == null && db.SignInSessions.Any(s => s.Id == sessionId && s.AccountId == a.Id), cancellationToken);
        return account is null ? throw NotGood() : Issue(account, sessionId, secret);
    }

    /// <summary>Ends the session of a refresh token. One that is not good any more has nothing left to end.</summary>
    public async Task EndAsync(string refreshToken, CancellationToken cancellationToken)
    {
        if (Parse(refreshToken) is var (sessionId, secret))
        {
            var hash = SHA256.HashData(secret);
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await EndAsync(db.SignInSessions.Where(s => s.Id == sessionId && s.TokenHash == hash));
        }
    }

    public async Task EndAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await EndAsync(db.SignInSessions.Where(s => s.Id == sessionId));
    }

    /// <summary>Ends every session of an account, within the caller's transaction.</summary>
    public Task EndAllAsync(ClinicDbContext db, Guid accountId) => EndAsync(db.SignInSessions.Where(s => s.AccountId == accountId));

    private Task<int> EndAsync(IQueryable<SignInSession> sessions)
    {
        var now = clock.GetUtcNow();
        return sessions.Where(s => s.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), CancellationToken.None);
    }

    private Tokens Issue(Account account, Guid sessionId, byte[] secret) => new(
        accessTokens.Issue(account, sessionId),
        BearerHandler.SchemeName,
        (int)AccessTokens.Life.TotalSeconds,
        $"{sessionId:N}.{Base64Url.EncodeToString(secret)}");

    private static (Guid SessionId, byte[] Secret)? Parse(string refreshToken)
    {
        if (refreshToken.Split('.') is not [{ Length: 32 } id, { Length: <= 64 } secret]
            || !Guid.TryParseExact(id, "N", out var sessionId) || !Base64Url.IsValid(secret))
        {
            return null;
        }

        return (sessionId, Base64Url.DecodeFromChars(secret));
    }

    private static ClinicProblem NotGood() => ClinicProblem.Unauthorized(
        ProblemCodes.InvalidRefreshToken, "The refresh token has been used, has expired or was signed out. Sign in again.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session {SessionId} is ended: one of its refresh tokens was used twice")]
    private partial void LogReused(Guid sessionId);
}
