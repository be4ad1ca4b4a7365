using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Clinic.Api.Slots;

/// <summary>What the answers about a doctor's calendar are kept under. <paramref name="IsNew"/>: Redis does not know it yet.</summary>
internal sealed record CalendarVersion(string Name, bool IsNew);

/// <summary>
/// Answers in Redis, per doctor and question under a version. Forgetting a doctor gives them a new version, and the next
/// read anywhere leaves the old answers behind (R5); the short life of an entry is the backstop. Redis away or slow costs
/// only time: every failure reads as "not cached" (R3).
/// </summary>
internal sealed partial class SlotCache(
    IConnectionMultiplexer redis, SlotCacheMetrics metrics, TimeProvider clock, ILogger<SlotCache> logger) : BackgroundService
{
    private static readonly TimeSpan EntryLife = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan VersionLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // One round trip: the version, then the answer under it.
    private const string ReadScript =
        """
        local version = redis.call('GET', KEYS[1])
        if not version then return { false } end
        return { version, redis.call('GET', KEYS[1] .. ':' .. version .. ':' .. ARGV[1]) }
        """;

    private readonly ConcurrentDictionary<Guid, byte> _toForget = new();
    private readonly SemaphoreSlim _forgetAgain = new(0);
    private long _awayUntil;

    /// <summary>
    /// The answer if it is there and still right, else under which version to keep it once it is computed; neither means that
    /// Redis is not to be used.
    /// </summary>
    public async Task<(CalendarVersion? Version, SlotAnswer? Answer)> ReadAsync(Guid doctorId, string question)
    {
        if (_toForget.ContainsKey(doctorId) || clock.GetTimestamp() < Volatile.Read(ref _awayUntil))
        {
            metrics.Unavailable();
            return (null, null);
        }

        try
        {
            var read = (RedisValue[])(await redis.CallAsync(
                "EVAL", Patience, database => database.ScriptEvaluateAsync(ReadScript, [VersionKey(doctorId)], [question])))!;
            if (read.Length == 2 && SlotAnswer.Read(read[1], clock.GetUtcNow()) is { } answer)
            {
                metrics.Hit();
                return (null, answer);
            }

            metrics.Miss();
            return read[0].IsNull
                ? (new CalendarVersion(NewVersion(), IsNew: true), null)
                : (new CalendarVersion(read[0]!, IsNew: false), null);
        }
        catch (Exception exception) when (IsAway(exception))
        {
            metrics.Unavailable();
            StayAway(exception);
            return (null, null);
        }
    }

    /// <summary>Keeps an answer that was computed after <paramref name="version"/> was read.</summary>
    public async Task WriteAsync(Guid doctorId, CalendarVersion version, string question, SlotAnswer answer)
    {
        try
        {
            var key = VersionKey(doctorId);
            if (version.IsNew
                && !await redis.CallAsync("SET", Patience, database => database.StringSetAsync(key, version.Name, VersionLife, When.NotExists)))
            {
                // Somebody gave the doctor a version meanwhile, perhaps because of a change that this answer lacks.
                return;
            }

            await redis.CallAsync("SET", Patience, database =>
                database.StringSetAsync($"{key}:{version.Name}:{question}", answer.Bytes, EntryLife));
        }
        catch (Exception exception) when (IsAway(exception))
        {
            StayAway(exception);
        }
    }

    /// <summary>
    /// To be called after every committed change of a doctor's calendar, before the caller is answered. Should Redis not
    /// take it, this instance keeps trying and meanwhile reads that doctor from Postgres.
    /// </summary>
    public async Task ForgetAsync(Guid doctorId)
    {
        _toForget[doctorId] = 0;
        if (!await TryForgetAsync(doctorId))
        {
            _forgetAgain.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (true)
        {
            await _forgetAgain.WaitAsync(stoppingToken);
            while (!_toForget.IsEmpty)
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                foreach (var doctorId in _toForget.Keys)
                {
                    await TryForgetAsync(doctorId);
                }
            }
        }
    }

    private async Task<bool> TryForgetAsync(Guid doctorId)
    {
        try
        {
            await redis.CallAsync("SET", Patience, database => database.StringSetAsync(VersionKey(doctorId), NewVersion(), VersionLife));
            _toForget.TryRemove(doctorId, out _);
            return true;
        }
        catch (Exception exception) when (IsAway(exception))
        {
            StayAway(exception);
            _toForget[doctorId] = 0;
            return false;
        }
    }

    // Never used twice, so that entries of before a lost version key can never come back.
    private static string NewVersion() => Guid.NewGuid().ToString("N");

    private static string VersionKey(Guid doctorId) => $"clinic:slots:{doctorId:N}";

    private static bool IsAway(Exception exception) => exception is RedisException or TimeoutException or ObjectDisposedException;

    /// <summary>After a failure reads leave Redis alone for a moment: waiting for it each time would slow every read down.</summary>
    private void StayAway(Exception exception)
    {
        var now = clock.GetTimestamp();
        if (Interlocked.Exchange(ref _awayUntil, now + (long)(Pause.TotalSeconds * clock.TimestampFrequency)) < now)
        {
            LogAway(exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis does not answer; free times come from Postgres meanwhile: {Reason}")]
    private partial void LogAway(string reason);
}
