using System.Net;
using System.Text;
using Clinic.Core.Accounts;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Api;

public sealed class GuardTests(ClinicApp app) : ApiTest(app)
{
    [Theory]
    [InlineData("/api/doctors")]
    [InlineData("/api/doctors/00000000-0000-0000-0000-000000000000")]
    [InlineData("/nowhere")]
    [InlineData("/api/accounts")]
    public async Task Every_answer_tells_browsers_what_not_to_do(string path)
    {
        using var response = await Api.Anonymous.GetAsync(path);

        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("DENY", Header("X-Frame-Options"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", Header("Content-Security-Policy"));
        Assert.False(response.Headers.Contains("Server"));

        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
    }

    [Fact]
    public async Task What_somebody_who_signed_in_reads_is_not_to_be_stored()
    {
        using var read = await Client.GetAsync($"/api/patients/{PatientId}");

        Assert.True(read.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Other_sites_may_not_call_from_a_browser()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/doctors") { Headers = { { "Origin", "https://elsewhere.example" } } };
        using var response = await Api.Anonymous.SendAsync(request);

        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_site_that_is_named_may()
    {
        await using var api = ApiInstance.Start(App, settings: new Dictionary<string, string?> { ["Cors:Origins"] = "https://site.example, https://other.example" });
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/appointments")
        {
            Headers = { { "Origin", "https://other.example" }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "authorization,idempotency-key" } },
        };
        using var response = await api.Anonymous.SendAsync(request);

        Assert.Equal("https://other.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task A_caller_who_asks_too_much_waits_and_nobody_else_does()
    {
        await using var api = ApiInstance.Start(App, settings: new Dictionary<string, string?>
        {
            ["RateLimits:Reads:Burst"] = "5",
            ["RateLimits:Reads:PerSecond"] = "1",
        });
        var path = $"/api/patients/{PatientId}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => api.Client.GetAsync(path)));

        var refused = answers.First(a => a.StatusCode == HttpStatusCode.TooManyRequests);
        await AssertProblemAsync(refused, 429, "too_many_requests");
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await api.AsPatient(PatientId).GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.Anonymous.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task Reading_a_lot_does_not_keep_a_caller_from_writing()
    {
        await using var api = ApiInstance.Start(App, settings: new Dictionary<string, string?> { ["RateLimits:Reads:Burst"] = "1", ["RateLimits:Reads:PerSecond"] = "1" });
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => api.Client.GetAsync("/api/doctors")));

        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Post, "/api/appointments", Visit("05T09:00"), client: api.Client)).StatusCode);
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_is_counted_by_the_address_that_a_local_proxy_names()
    {
        await using var api = ApiInstance.Start(App, settings: new Dictionary<string, string?> { ["RateLimits:Reads:Burst"] = "1", ["RateLimits:Reads:PerSecond"] = "1" });

        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => GetFromAsync($"203.0.113.{i}")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a));
        var same = await Task.WhenAll(Enumerable.Range(1, 20).Select(_ => GetFromAsync("203.0.113.100")));
        Assert.Contains(HttpStatusCode.TooManyRequests, same);

        async Task<HttpStatusCode> GetFromAsync(string address)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/doctors") { Headers = { { "X-Forwarded-For", address } } };
            using var response = await api.Anonymous.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("/api/auth/code", "POST")]
    [InlineData("/api/me", "PUT")]
    [InlineData("/api/patients", "POST")]
    [InlineData("/api/doctors", "POST")]
    [InlineData("/api/accounts", "POST")]
    public async Task R29_a_body_that_is_too_large_is_413(string path, string method)
    {
        using var client = Api.As(AccountRole.Admin);
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = new StringContent($$"""{"email":"{{new string('x', 70_000)}}"}""", Encoding.UTF8, "application/json"),
        };

        await AssertProblemAsync(await client.SendAsync(request), 413, "body_too_large");
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer nonsense")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Basic YTpi")]
    public async Task Any_other_authorization_is_401(string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await Api.Anonymous.SendAsync(request);

        await AssertProblemAsync(response, 401, "unauthenticated");
        Assert.StartsWith("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_endpoint_answers_whatever_token_comes_along()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/doctors");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer nonsense");

        Assert.Equal(HttpStatusCode.OK, (await Api.Anonymous.SendAsync(request)).StatusCode);
    }
}
