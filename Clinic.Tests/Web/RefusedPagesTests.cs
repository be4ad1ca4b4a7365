using System.Net;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Web;

/// <summary>What pages say when the API does not let the visitor in.</summary>
public sealed class RefusedPagesTests : IAsyncDisposable
{
    private readonly WebInstance _web = WebInstance.Start();

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task Too_many_requests_are_a_429_that_says_how_long_to_wait()
    {
        _web.Api.Answers["GET /api/doctors"] = _ =>
        {
            var problem = StubApi.Problem(429, ProblemCodes.TooManyRequests);
            problem.Headers.RetryAfter = new(TimeSpan.FromSeconds(7));
            return Task.FromResult(problem);
        };

        using var page = await _web.GetAsync("/");

        Assert.Equal(HttpStatusCode.TooManyRequests, page.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), page.Headers.RetryAfter?.Delta);
        Assert.Contains("in 7 seconds", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_account_may_not_do_is_a_403_that_does_not_ask_to_sign_in()
    {
        var visit = Guid.CreateVersion7();
        _web.Api.Answers[$"GET /api/appointments/{visit}"] = _ => Task.FromResult(StubApi.Problem(403, ProblemCodes.Forbidden));

        using var page = await _web.GetAsync($"/appointments/{visit}", _web.Cookie(TimeSpan.FromMinutes(5)));

        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        Assert.Contains("This is not for your account", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(WebInstance.RemovesSession(page));
    }
}
