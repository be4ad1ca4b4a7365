using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using StackExchange.Redis;

namespace Clinic.Api.Slots;

/// <summary>
/// Answers in Redis and in memory, per doctor and question under a version that Redis is asked for each time. Forgetting a
/// doctor gives them a new version, and the next read anywhere leaves the old answers behind (R5); the short life of an entry
/// is the backstop. Redis away or slow costs only time: every failure reads as "not cached" (R3).
/// </summary>
internal sealed partial class SlotCache(
    RedisCalls redis, SlotCacheMetrics metrics, TimeProvider clock, ILogger<SlotCache> logger) : BackgroundService
{
    private const int MemoryBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan VersionLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The version that this instance has seen last, of every doctor whom it was asked about: a guess that saves a round
    /// trip, and no more than that. What Redis says decides.
    /// </summary>
    private readonly ConcurrentDictionary<Guid, CalendarVersion> _lastSeen = new();

    /// <summary>
    /// Answers by their key in Redis, so that Redis needs to say no more than the version: on two cores 15 % more warm searches a
    /// second. Under the key of another version nothing is found.
    /// </summary>
    private readonly MemoryCache _memory = new(new MemoryCacheOptions
    {
        SizeLimit = MemoryBytes,
        // To make room all entries are sorted, so it is better made seldom.
        CompactionPercentage = 0.5,
    });

    private readonly ConcurrentDictionary<Guid, byte> _toForget = new();
    private readonly SemaphoreSlim _forgetAgain = new(0);
    private long _awayUntil;

    /// <summary>
    /// The answer if it is there and still right, else under which version to keep it once it is computed; neither means that
    /// Redis is not to be used.
    /// </summary>
    public async Task<(CalendarVersion? Version, SlotAnswer? Answer)> ReadAsync(Guid doctorId, string question)
    {
        if ((!_toForget.IsEmpty && _toForget.ContainsKey(doctorId)) || clock.GetTimestamp() < Volatile.Read(ref _awayUntil))
        {
            metrics.Unavailable();
            return (null, null);
        }

        try
        {
            // One round trip: the version and, unless it is in memory, the answer under it if it is the one that was last seen.
            var version = _lastSeen.GetValueOrDefault(doctorId);
            var answer = version is null ? null : Remembered(version.KeyOf(question));
            var (name, kept) = version is null || answer is not null
                ? (await redis.GetAsync(CalendarVersion.KeyOf(doctorId)), RedisValue.Null)
                : await redis.GetAsync(version.Key, version.KeyOf(question));
            if (name.IsNull)
            {
                metrics.Miss();
                return (CalendarVersion.New(doctorId), null);
            }

            if (version is null || version.Name != name)
            {
                _lastSeen[doctorId] = version = new CalendarVersion(doctorId, name);
                answer = Remembered(version.KeyOf(question));
                kept = answer is null ? await redis.GetAsync(version.KeyOf(question)) : RedisValue.Null;
            }

            answer ??= Remember(version.KeyOf(question), SlotAnswer.Read(kept));
            if (answer is not null && answer.IsRightAt(clock.GetUtcNow()))
            {
                metrics.Hit();
                return (null, answer);
            }

            metrics.Miss();
            return (version, null);
        }
        catch (Exception exception) when (IsAway(exception))
        {
            metrics.Unavailable();
            StayAway(exception);
            return (null, null);
        }
    }

    /// <summary>
    /// Keeps an answer that was computed after <paramref name="version"/> was read. Redis is not waited for: what this instance
    /// asks it next goes the same way, and comes after.
    /// </summary>
    public async Task KeepAsync(CalendarVersion version, string question, SlotAnswer answer)
    {
        try
        {
            if (version.IsNew)
            {
                // Should somebody have given the doctor a version meanwhile, perhaps because of a change that this answer lacks,
                // then that one stays, and nobody ever asks for the answer under this one.
                await redis.SetAsync(version.Key, version.Name, VersionLife, When.NotExists, CommandFlags.FireAndForget);
            }

            var key = version.KeyOf(question);
            await redis.SetAsync(key, answer.Bytes, SlotAnswer.Life, When.Always, CommandFlags.FireAndForget);
            Remember(key, answer);
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

    public override void Dispose()
    {
        _memory.Dispose();
        base.Dispose();
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
            var version = CalendarVersion.New(doctorId);
            await redis.SetAsync(version.Key, version.Name, VersionLife);
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

    private SlotAnswer? Remembered(string key) =>
        _memory.TryGetValue<SlotAnswer>(key, out var answer) && answer!.IsRightAt(clock.GetUtcNow()) ? answer : null;

    private SlotAnswer? Remember(string key, SlotAnswer? answer) => answer is null ? null : _memory.Set(
        key, answer, new MemoryCacheEntryOptions { Size = answer.Bytes.Length, AbsoluteExpirationRelativeToNow = SlotAnswer.Life });

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

/// <summary>What the answers about a doctor's calendar are kept under, with the keys in Redis that follow from it.</summary>
internal sealed class CalendarVersion(Guid doctorId, RedisValue name)
{
    private readonly string _answers = $"{TextOf(doctorId)}:{name}:";

    /// <summary>Where Redis has the doctor's version.</summary>
    public RedisKey Key { get; } = KeyOf(doctorId);

    public RedisValue Name => name;

    /// <summary>Redis does not know it yet.</summary>
    public bool IsNew { get; private init; }

    /// <summary>A version never used before, so that entries of before a lost version key can never come back.</summary>
    public static CalendarVersion New(Guid doctorId) => new(doctorId, Guid.NewGuid().ToString("N")) { IsNew = true };

    /// <summary>Where Redis has the version of a doctor.</summary>
    public static RedisKey KeyOf(Guid doctorId) => TextOf(doctorId);

    /// <summary>Where Redis has the answer to a question.</summary>
    public string KeyOf(string question) => _answers + question;

    // The braces keep all keys of a doctor on one node of a cluster, so that one command may ask for two of them.
    private static string TextOf(Guid doctorId) => $"clinic:slots:{{{doctorId:N}}}";
}
