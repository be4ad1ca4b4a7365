using System.Diagnostics;
using System.Diagnostics.Metrics;
using Clinic.Data;
using Clinic.ServiceDefaults.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Notifications;

internal static class NotificationRegistration
{
    public static void AddNotifications(this IServiceCollection services) => services.AddHostedService<OutboxBacklog>();
}

/// <summary>
/// How many messages are due and not sent, and for how long the oldest has been: every instance reports the same. Postgres
/// is asked when somebody collects, and at most every few seconds; while it does not answer there is no measurement.
/// </summary>
internal sealed partial class OutboxBacklog(
    IDbContextFactory<ClinicDbContext> databases, IMeterFactory meters, TimeProvider clock, ILogger<OutboxBacklog> logger) : IHostedService
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>How long a collection waits for Postgres; a later one has what comes after that.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Lock _asking = new();
    private Task<Backlog?> _answer = Task.FromResult<Backlog?>(null);
    private long _askedAt;
    private bool _everAsked;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(ClinicTelemetry.Name);
        meter.CreateObservableGauge(
            "clinic.outbox.backlog", () => Observe(b => b.Due), "{message}", "Messages that are due and neither sent nor given up.");
        meter.CreateObservableGauge(
            "clinic.outbox.oldest.age", () => Observe(b => b.OldestAgeSeconds), "s", "How long the oldest of them has been due; 0 without any.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<T>> Observe<T>(Func<Backlog, T> value)
        where T : struct
    {
        var answer = Ask();
        return answer.Wait(Patience) && answer.Result is { } backlog ? [new Measurement<T>(value(backlog))] : [];
    }

    private Task<Backlog?> Ask()
    {
        lock (_asking)
        {
            if (_answer.IsCompleted && (!_everAsked || clock.GetElapsedTime(_askedAt) > Fresh))
            {
                _everAsked = true;
                _askedAt = clock.GetTimestamp();
                _answer = Task.Run(QueryAsync);
            }

            return _answer;
        }
    }

    /// <summary>Never fails: null stands for an unknown backlog.</summary>
    private async Task<Backlog?> QueryAsync()
    {
        // A span that nobody records, so that this housekeeping makes no traces.
        Activity.Current = null;
        using var unrecorded = new Activity("outbox backlog").Start();
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            var now = clock.GetUtcNow();
            // Both from the index on the due messages.
            var due = await db.Outbox.Where(m => m.SentAt == null && m.ParkedAt == null && m.DueAt <= now)
                .GroupBy(_ => 1)
                .Select(messages => new { Count = messages.LongCount(), Oldest = messages.Min(m => m.DueAt) })
                .SingleOrDefaultAsync();
            return due is null ? new Backlog(0, 0) : new Backlog(due.Count, (now - due.Oldest).TotalSeconds);
        }
        catch (Exception exception)
        {
            LogUnknown(exception.GetBaseException().Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The outbox's backlog is unknown: {Reason}")]
    private partial void LogUnknown(string reason);

    private sealed record Backlog(long Due, double OldestAgeSeconds);
}
