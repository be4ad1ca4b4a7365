using Clinic.Api.Auth;
using Clinic.Api.Idempotency;
using Clinic.Data;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Sweeping;

internal static class HousekeepingRegistration
{
    public static void AddHousekeeping(this IServiceCollection services) => services.AddHostedService<Housekeeping>();
}

/// <summary>
/// Deletes what nobody needs any more: answers kept for replays, used-up codes, sessions that are over. Every instance does
/// it, every hour; it does no harm twice, and nothing depends on it being done in time.
/// </summary>
internal sealed partial class Housekeeping(
    IDbContextFactory<ClinicDbContext> databases, TimeProvider clock, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>How long an ended session still tells that one of its tokens is used again.</summary>
    private static readonly TimeSpan SessionMemory = TimeSpan.FromDays(7);

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (answers, codes, sessions) = (now - IdempotencyStore.Life, now - SignInCodes.SendingSpan, now - SessionMemory);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.IdempotencyKeys.Where(k => k.CreatedAt < answers).ExecuteDeleteAsync(cancellationToken);
        await db.SignInCodes.Where(c => c.ExpiresAt < codes).ExecuteDeleteAsync(cancellationToken);
        await db.SignInSessions.Where(s => s.ExpiresAt < now || s.EndedAt < sessions).ExecuteDeleteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(exception.GetBaseException().Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is out of date could not be deleted; the next try is in an hour: {Reason}")]
    private partial void LogFailed(string reason);
}
