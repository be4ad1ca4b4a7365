using System.Net;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Web;

/// <summary>What the sign-in page says when a code cannot be sent, or when a form has brought somebody there.</summary>
public sealed class SignInPageTests : IAsyncDisposable
{
    private readonly WebInstance _web = WebInstance.Start();

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task Too_many_codes_are_told_with_the_wait_and_the_address_stays()
    {
        _web.Api.Answers["POST /api/auth/code"] = _ =>
        {
            var problem = StubApi.Problem(429, ProblemCodes.TooManyRequests);
            problem.Headers.RetryAfter = new(TimeSpan.FromMinutes(12));
            return Task.FromResult(problem);
        };

        using var page = await _web.FillInAsync("/sign-in", null, [("Form.Email", WebInstance.Email)]);

        Assert.Equal(HttpStatusCode.TooManyRequests, page.StatusCode);
        var text = await page.Content.ReadAsStringAsync();
        Assert.Contains("in 12 minutes", text, StringComparison.Ordinal);
        Assert.Contains(WebInstance.Email, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_sent_twice_by_one_browser_signs_in_and_by_another_does_not()
    {
        var redeemed = 0;
        _web.Api.Answers["POST /api/auth/code"] = _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Accepted));
        _web.Api.Answers["POST /api/auth/token"] = _ => Task.FromResult(Interlocked.Increment(ref redeemed) == 1
            ? StubApi.Json(new Tokens(StubApi.Access, "Bearer", 600, StubApi.Refresh))
            : StubApi.Problem(401, ProblemCodes.InvalidCode));
        var (mine, anothers) = (await AskForCodeAsync(), await AskForCodeAsync());

        using var first = await _web.FillInAsync("/sign-in/code?returnUrl=%2Fappointments", mine, [("Form.Code", "123 456")]);
        using var second = await _web.FillInAsync("/sign-in/code?returnUrl=%2Fappointments", mine, [("Form.Code", "123456")]);
        using var other = await _web.FillInAsync("/sign-in/code", anothers, [("Form.Code", "123456")]);

        Assert.Equal(("/appointments", "/appointments"), (WebInstance.LeadsTo(first), WebInstance.LeadsTo(second)));
        Assert.Equal(_web.TokensOf(first), _web.TokensOf(second));
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
        Assert.Null(_web.TokensOf(other));

        async Task<string> AskForCodeAsync()
        {
            using var asked = await _web.FillInAsync("/sign-in", null, [("Form.Email", WebInstance.Email)]);
            return asked.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("clinic-sign-in", StringComparison.Ordinal)).Split(';')[0];
        }
    }

    [Fact]
    public async Task An_API_that_is_down_is_told_kindly_and_the_address_stays()
    {
        _web.Api.Answers["POST /api/auth/code"] = _ => Task.FromException<HttpResponseMessage>(new HttpRequestException("Connection refused"));

        using var page = await _web.FillInAsync("/sign-in", null, [("Form.Email", WebInstance.Email)]);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        var text = await page.Content.ReadAsStringAsync();
        Assert.Contains("We cannot reach the booking system right now", text, StringComparison.Ordinal);
        Assert.Contains(WebInstance.Email, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_sent_without_any_session_says_that_it_was_not_taken()
    {
        using var refused = await _web.PostAsync($"/appointments/{Guid.Empty}/cancel", null, []);

        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
        using var page = await _web.GetAsync(WebInstance.LeadsTo(refused)!);
        Assert.Contains("Your form has not been sent", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
