using System.Collections.Concurrent;
using Clinic.Core.Contracts;
using Clinic.Web.Api;

namespace Clinic.Web.Sessions;

/// <summary>
/// Lets requests that bring one and the same thing to be exchanged for tokens share one exchange. Refresh tokens and
/// sign-in codes are good for a single use, and the second use of a refresh token ends the session, for it may be a thief's.
/// But a browser sends several requests with one cookie, a slow one arrives when the answer to the first is already on its
/// way, and people press a button twice.
/// </summary>
/// <remarks>
/// Within this process. Where several replicas serve the web, a visitor has to stay with one of them, or two could use the
/// same refresh token.
/// </remarks>
public sealed class TokenExchanges(TimeProvider clock)
{
    /// <summary>For so long a late request is given what the first one got.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Exchange> _exchanges = new(StringComparer.Ordinal);

    /// <summary>What <paramref name="exchange"/> gives, or has just given.</summary>
    /// <param name="given">What is exchanged: a secret that none but the visitor has.</param>
    /// <param name="exchange">Asks the API.</param>
    public async Task<Answer<SessionTokens>> Once(string given, Func<Task<Answer<Tokens>>> exchange)
    {
        var now = clock.GetUtcNow();
        Forget(now);
        var shared = _exchanges.GetOrAdd(given, _ => new Exchange(new(Receive), now + Remembered));
        var answer = await shared.Answer.Value;
        if (answer.Problem is { IsDown: true })
        {
            // Nothing is known; the next request may try again.
            _exchanges.TryRemove(KeyValuePair.Create(given, shared));
        }

        return answer;

        async Task<Answer<SessionTokens>> Receive()
        {
            var tokens = await exchange();
            return tokens.Ok ? SessionTokens.Of(tokens.Value, clock.GetUtcNow()) : tokens.Problem;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var old in _exchanges.Where(e => e.Value.Until <= now))
        {
            _exchanges.TryRemove(old);
        }
    }

    private sealed record Exchange(Lazy<Task<Answer<SessionTokens>>> Answer, DateTimeOffset Until);
}
