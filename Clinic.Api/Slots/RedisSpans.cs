using System.Diagnostics;
using System.Net;
using Clinic.ServiceDefaults.Telemetry;
using StackExchange.Redis;

namespace Clinic.Api.Slots;

/// <summary>
/// Client spans for calls to Redis: not every version of the client makes its own. Keys and values stay out of them.
/// </summary>
internal static class RedisSpans
{
    /// <summary>Runs a call under a span named after its command.</summary>
    /// <param name="redis">The connection.</param>
    /// <param name="operation">The command, such as <c>SET</c>.</param>
    /// <param name="patience">How long the call may take.</param>
    /// <param name="keys">What <paramref name="call"/> is given, so that it need not be a closure.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="TimeoutException">Redis took longer.</exception>
    public static Task<T> CallAsync<TKeys, T>(
        this IConnectionMultiplexer redis, string operation, TimeSpan patience, TKeys keys, Func<IDatabase, TKeys, Task<T>> call) =>
        ClinicTelemetry.Activities.HasListeners()
            ? CallUnderSpanAsync(redis, operation, patience, keys, call)
            : call(redis.GetDatabase(), keys).WaitAsync(patience);

    private static async Task<T> CallUnderSpanAsync<TKeys, T>(
        IConnectionMultiplexer redis, string operation, TimeSpan patience, TKeys keys, Func<IDatabase, TKeys, Task<T>> call)
    {
        using var span = ClinicTelemetry.Activities.StartActivity(operation, ActivityKind.Client);
        if (span is { IsAllDataRequested: true })
        {
            Describe(span, redis, operation);
        }

        try
        {
            return await call(redis.GetDatabase(), keys).WaitAsync(patience);
        }
        catch (Exception exception)
        {
            span?.Fail(exception);
            throw;
        }
    }

    private static void Describe(Activity span, IConnectionMultiplexer redis, string operation)
    {
        span.SetTag("db.system.name", "redis");
        span.SetTag("db.operation.name", operation);
        var (host, port) = redis.GetEndPoints(configuredOnly: true) switch
        {
            [DnsEndPoint dns, ..] => (dns.Host, dns.Port),
            [IPEndPoint ip, ..] => (ip.Address.ToString(), ip.Port),
            _ => (null, 0),
        };
        if (host is not null)
        {
            span.SetTag("server.address", host);
            span.SetTag("server.port", port);
        }
    }
}
