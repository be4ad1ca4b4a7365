using System.Net;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Tests.Fixtures;
using Clinic.Web.Api;
using Clinic.Web.Sessions;

namespace Clinic.Tests.Web;

/// <summary>How the web keeps a visitor's session with the API going, and what happens when it ends.</summary>
public sealed class SessionTests : IAsyncDisposable
{
    private static readonly TimeSpan Expired = TimeSpan.FromMinutes(-1);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private readonly WebInstance _web = WebInstance.Start();

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task A_token_that_is_good_for_a_while_is_sent_as_it_is()
    {
        using var page = await _web.GetAsync("/appointments", _web.Cookie(Fresh));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains(_web.Api.Requests, r => r is { What: "GET /api/me", Token: StubApi.Access });
        Assert.Equal(0, _web.Api.Renewals);
        Assert.Null(_web.TokensOf(page));
    }

    [Fact]
    public async Task A_token_about_to_expire_is_renewed_before_it_is_sent_and_the_cookie_with_it()
    {
        _web.Api.Good = null;

        using var page = await _web.GetAsync("/appointments", _web.Cookie(VisitorSession.Early));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.DoesNotContain(_web.Api.Requests, r => r.Token == StubApi.Access);
        Assert.Equal(new SessionTokens("access-2", "refresh-2", _web.Clock.GetUtcNow().AddMinutes(10)), _web.TokensOf(page));
        var cookie = page.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("clinic-session", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("expires=", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_token_that_the_API_refuses_is_renewed_and_the_request_made_once_more()
    {
        _web.Api.Good = "another";

        using var page = await _web.GetAsync("/appointments", _web.Cookie(Fresh));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("access-2", _web.TokensOf(page)?.AccessToken);
        Assert.Equal(1, _web.Api.Renewals);
    }

    [Fact]
    public async Task Parallel_and_late_requests_with_one_cookie_share_one_renewal()
    {
        var cookie = _web.Cookie(Expired);

        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _web.GetAsync("/appointments", cookie)));
        _web.Clock.MoveTo(FixedClock.Start + TokenExchanges.Remembered - TimeSpan.FromSeconds(1));
        var late = await _web.GetAsync("/appointments", cookie);

        Assert.Equal(1, _web.Api.Renewals);
        Assert.All(pages.Append(late), page => Assert.Equal(("access-2", "refresh-2"), (_web.TokensOf(page)?.AccessToken, _web.TokensOf(page)?.RefreshToken)));
    }

    [Fact]
    public async Task Two_exchanges_of_one_token_are_one_while_the_first_is_under_way_and_a_minute_longer()
    {
        var (clock, asked, answer) = (new FixedClock(), 0, new TaskCompletionSource<Answer<Tokens>>());
        var exchanges = new TokenExchanges(clock);

        var (first, second) = (exchanges.Once("a", Ask), exchanges.Once("a", Ask));
        answer.SetResult(new Tokens("x", "Bearer", 600, "b"));
        Assert.Same((await first).Value, (await second).Value);
        Assert.Equal(1, asked);

        await exchanges.Once("other", Ask);
        clock.MoveTo(FixedClock.Start + TokenExchanges.Remembered);
        await exchanges.Once("a", Ask);
        Assert.Equal(3, asked);

        Task<Answer<Tokens>> Ask()
        {
            asked++;
            return answer.Task;
        }
    }

    [Fact]
    public async Task What_is_sent_to_the_API_is_sent_again_as_it_was_after_a_renewal()
    {
        _web.Api.Answers["PUT /api/me"] = asked =>
        {
            _web.Api.Good = asked.Token == StubApi.Access ? null : asked.Token;
            return Task.FromResult(StubApi.Problem(_web.Api.Good is null ? 401 : 409, ProblemCodes.PatientExists));
        };

        using var page = await _web.FillInAsync(
            OfferOneDoctor(), _web.Cookie(Fresh), [("Booking.FullName", "Lucía M."), ("Booking.DocumentNumber", "X1234"), ("Booking.Phone", "987 654 321")]);

        Assert.Equal(HttpStatusCode.Conflict, page.StatusCode);
        var sent = _web.Api.Requests.Where(r => r.What == "PUT /api/me").ToList();
        Assert.Equal([StubApi.Access, "access-2"], sent.Select(r => r.Token));
        Assert.Contains("X1234", sent[0].Body, StringComparison.Ordinal);
        Assert.Equal(sent[0].Body, sent[1].Body);
        Assert.Equal("access-2", _web.TokensOf(page)?.AccessToken);
    }

    [Fact]
    public async Task A_renewal_without_an_answer_is_tried_again_and_does_not_end_the_session()
    {
        _web.Api.Good = null;
        _web.Api.Answers["POST /api/auth/refresh"] = _ => Task.FromResult(StubApi.Problem(503, ProblemCodes.DependencyUnavailable));
        var cookie = _web.Cookie(Expired);

        using var down = await _web.GetAsync("/appointments", cookie);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, down.StatusCode);
        Assert.False(WebInstance.RemovesSession(down));

        var before = _web.Api.Renewals;
        using var again = await _web.GetAsync("/appointments", cookie);
        Assert.True(_web.Api.Renewals > before);
    }

    [Fact]
    public async Task A_session_that_is_over_leads_to_the_sign_in_page_and_back()
    {
        _web.Api.Good = null;
        _web.Api.Answers["POST /api/auth/refresh"] = _ => Task.FromResult(StubApi.Problem(401, ProblemCodes.InvalidRefreshToken));

        using var page = await _web.GetAsync("/appointments?past=2", _web.Cookie(Expired));

        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2Fappointments%3Fpast%3D2", WebInstance.LeadsTo(page));
        Assert.True(WebInstance.RemovesSession(page));
    }

    [Fact]
    public async Task A_form_sent_after_the_session_ended_keeps_what_was_typed_and_asks_to_sign_in()
    {
        var path = OfferOneDoctor();

        using var page = await _web.FillInAsync(path, _web.Cookie(Fresh), [("Booking.FullName", "Lucía M. Quispe"), ("Booking.Reason", "An old cough")], () =>
        {
            _web.Api.Good = null;
            _web.Api.Answers["POST /api/auth/refresh"] = _ => Task.FromResult(StubApi.Problem(401, ProblemCodes.InvalidRefreshToken));
        });

        Assert.Equal(HttpStatusCode.Unauthorized, page.StatusCode);
        var text = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
        Assert.Contains("You are no longer signed in", text, StringComparison.Ordinal);
        Assert.Contains("Lucía M. Quispe", text, StringComparison.Ordinal);
        Assert.Contains("An old cough", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Sign out", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_web.Api.Requests, r => r.What == "POST /api/appointments");
    }

    [Fact]
    public async Task The_API_is_told_the_visitors_address()
    {
        using var page = await _web.GetAsync("/appointments", _web.Cookie(Expired), forwardedFor: "203.0.113.7");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.All(_web.Api.Requests, r => Assert.Equal("203.0.113.7", r.ForwardedFor));
        Assert.Contains(_web.Api.Requests, r => r.What == "POST /api/auth/refresh");
    }

    /// <summary>The path of the page on which a visit with the API's one doctor is booked.</summary>
    private string OfferOneDoctor()
    {
        var treatment = new TreatmentDetails(Guid.CreateVersion7(), "Consultation", 120, "PEN", 30, [Modality.InPerson]);
        var doctor = new
        {
            Id = Guid.CreateVersion7(),
            FullName = "Dra. Prueba",
            Specialty = "Testing",
            City = "Lima",
            TimeZone = "America/Lima",
            About = (string?)null,
            treatment.Modalities,
            Treatments = new[] { treatment },
            HorizonDays = 60,
            ChangeNoticeMinutes = 0,
        };
        _web.Api.Answers[$"GET /api/doctors/{doctor.Id}"] = _ => Task.FromResult(StubApi.Json(doctor));
        return $"/doctors/{doctor.Id}/book?treatmentId={treatment.Id}&modality=in_person&start=2030-03-06T15:00:00Z";
    }
}
