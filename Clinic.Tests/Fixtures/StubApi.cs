using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Clinic.Core.Accounts;
using Clinic.Core.Contracts;

namespace Clinic.Tests.Fixtures;

/// <summary>
/// Stands in for the API behind the web, with one patient whose first tokens are <see cref="Access"/> and
/// <see cref="Refresh"/>. Everything it is asked is kept; <see cref="Answers"/> may answer otherwise.
/// </summary>
internal sealed class StubApi : HttpMessageHandler
{
    public const string Access = "access-1";
    public const string Refresh = "refresh-1";

    private static readonly Me Patient = new(
        Guid.CreateVersion7(), AccountRole.Patient, WebInstance.Email, Guid.CreateVersion7(), null, "Lucía Mamani", "T1234567", "+51 999 999 999", null);

    private readonly ConcurrentQueue<Asked> _asked = new();
    private int _renewals;

    /// <summary>Answers in place of the usual ones, by method and path.</summary>
    public Dictionary<string, Func<Asked, Task<HttpResponseMessage>>> Answers { get; } = [];

    /// <summary>The access token that is good, as long as it is.</summary>
    public string? Good { get; set; } = Access;

    public int Renewals => Volatile.Read(ref _renewals);

    public IEnumerable<Asked> Requests => _asked;

    public static HttpResponseMessage Json(object body) => new(HttpStatusCode.OK) { Content = JsonContent.Create(body, body.GetType(), options: ClinicJson.Options) };

    public static HttpResponseMessage Problem(int status, string code) => new((HttpStatusCode)status)
    {
        Content = JsonContent.Create(new { code }, MediaTypeHeaderValue.Parse("application/problem+json")),
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = new Asked(
            $"{request.Method} {request.RequestUri!.AbsolutePath}",
            request.Headers.Authorization?.Parameter,
            request.Headers.TryGetValues("X-Forwarded-For", out var addresses) ? string.Join(',', addresses) : null,
            request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken));
        _asked.Enqueue(asked);
        if (asked.What == "POST /api/auth/refresh")
        {
            Interlocked.Increment(ref _renewals);
        }

        return Answers.TryGetValue(asked.What, out var answer) ? await answer(asked) : Usual(asked);
    }

    private HttpResponseMessage Usual(Asked asked) => asked.What switch
    {
        "POST /api/auth/refresh" => Renew(asked),
        "POST /api/auth/sign-out" => new HttpResponseMessage(HttpStatusCode.NoContent),
        "GET /api/doctors/choices" => Json(new SearchChoices([], [])),
        "GET /api/doctors" => Json(new Page<DoctorSummary>([], 1, 12, 0)),
        _ when asked.Token is null || asked.Token != Good => Problem(401, ProblemCodes.Unauthenticated),
        "GET /api/me" => Json(Patient),
        "GET /api/appointments" => Json(new Page<AppointmentDetails>([], 1, 20, 0)),
        _ => Problem(404, ProblemCodes.NotFound),
    };

    /// <summary>A refresh token is good once, as in the API.</summary>
    private HttpResponseMessage Renew(Asked asked)
    {
        var token = JsonSerializer.Deserialize<RefreshTokens>(asked.Body!, ClinicJson.Options)!.RefreshToken;
        var next = Renewals + 1;
        if (token != $"refresh-{Renewals}")
        {
            return Problem(401, ProblemCodes.InvalidRefreshToken);
        }

        Good = $"access-{next}";
        return Json(new Tokens(Good, "Bearer", 600, $"refresh-{next}"));
    }

    /// <param name="What">Method and path.</param>
    /// <param name="Token">The access token that came with it.</param>
    /// <param name="ForwardedFor">On whose behalf it was made.</param>
    /// <param name="Body">As it came.</param>
    internal sealed record Asked(string What, string? Token, string? ForwardedFor, string? Body);
}
