using System.Net;
using Polly;
using Polly.Retry;

namespace Clinic.ServiceDefaults;

/// <summary>
/// Retries a request whose server could not be reached, twice, and only where repeating it cannot do harm: a safe method,
/// or one that carries an Idempotency-Key (R27). A 503 is an honest answer and is passed on.
/// </summary>
internal sealed class SafeRetryHandler : DelegatingHandler
{
    private static readonly ResiliencePipeline<HttpResponseMessage> Retry = new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                .Handle<HttpRequestException>()
                .HandleResult(r => r.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout),
        })
        .Build();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        MayRepeat(request)
            ? await Retry.ExecuteAsync(
                static async (state, ct) => await state.Self.SendOnceAsync(state.Request, ct),
                (Self: this, Request: request),
                cancellationToken)
            : await base.SendAsync(request, cancellationToken);

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);

    private static bool MayRepeat(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options
        || request.Headers.Contains("Idempotency-Key");
}
