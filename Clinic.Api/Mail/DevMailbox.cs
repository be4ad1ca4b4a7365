using System.Text.Json;
using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using StackExchange.Redis;

namespace Clinic.Api.Mail;

/// <summary>Development's mailbox: the latest messages to anybody, in Redis, where every instance finds them.</summary>
internal sealed class DevMailbox(IConnectionMultiplexer redis, IMailer? next) : IMailer
{
    private const string Key = "clinic:dev-mail";
    private const int Kept = 500;
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    public async Task SendAsync(MailMessage message, CancellationToken cancellationToken)
    {
        await Reach(async mailbox =>
        {
            await mailbox.ListLeftPushAsync(Key, JsonSerializer.Serialize(message, ClinicJson.Options));
            await mailbox.ListTrimAsync(Key, 0, Kept - 1);
            return await mailbox.KeyExpireAsync(Key, Life);
        });
        if (next is not null)
        {
            await next.SendAsync(message, cancellationToken);
        }
    }

    /// <summary>Newest first; <paramref name="to"/> is an address, or null for all.</summary>
    public async Task<IReadOnlyList<MailMessage>> ReadAsync(string? to)
    {
        var messages = await Reach(mailbox => mailbox.ListRangeAsync(Key));
        return [.. messages
            .Select(message => JsonSerializer.Deserialize<MailMessage>((string)message!, ClinicJson.Options)!)
            .Where(message => string.IsNullOrWhiteSpace(to) || message.To.Equals(to.Trim(), StringComparison.OrdinalIgnoreCase))];
    }

    private async Task<T> Reach<T>(Func<IDatabase, Task<T>> call)
    {
        try
        {
            return await call(redis.GetDatabase());
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw ClinicProblem.Unavailable("Development's mailbox is in Redis, which does not answer just now.");
        }
    }
}
