using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Clinic.Web.Api;
using Clinic.Web.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Clinic.Tests.Fixtures;

/// <summary>The web, without a network around it, with a stub in place of the API and a clock that stands still.</summary>
internal sealed partial class WebInstance : WebApplicationFactory<ClinicApi>
{
    public const string Email = "lucia@patients.example";
    private const string SessionCookie = "clinic-session";

    private HttpClient _client = null!;

    public StubApi Api { get; } = new();

    public FixedClock Clock { get; } = new();

    public static WebInstance Start()
    {
        var web = new WebInstance();
        web._client = web.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });
        return web;
    }

    /// <summary>A session cookie whose access token expires after so long.</summary>
    public string Cookie(TimeSpan expiresIn)
    {
        var options = Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme);
        var visitor = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, Email), new Claim(ClaimTypes.Name, Email)], options.Cookie.Name);
        var tokens = new SessionTokens(StubApi.Access, StubApi.Refresh, Clock.GetUtcNow() + expiresIn);
        var ticket = new AuthenticationTicket(new ClaimsPrincipal(visitor), tokens.ForCookie(), CookieAuthenticationDefaults.AuthenticationScheme);
        return $"{SessionCookie}={options.TicketDataFormat.Protect(ticket)}";
    }

    /// <summary>The tokens of the session cookie that an answer sets; null where it sets none or removes it.</summary>
    public SessionTokens? TokensOf(HttpResponseMessage answer)
    {
        var options = Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme);
        return CookiesOf(answer).GetValueOrDefault(SessionCookie) is { Length: > 0 } value
            ? SessionTokens.Read(options.TicketDataFormat.Unprotect(value)?.Properties)
            : null;
    }

    public static bool RemovesSession(HttpResponseMessage answer) => CookiesOf(answer).GetValueOrDefault(SessionCookie) == "";

    /// <summary>Where an answer sends the browser: a path where it is of this site, else the whole address.</summary>
    public static string? LeadsTo(HttpResponseMessage answer)
    {
        var here = answer.RequestMessage!.RequestUri!;
        return answer.Headers.Location is { } location && new Uri(here, location) is { } target
            ? target.Authority == here.Authority ? target.PathAndQuery : target.AbsoluteUri
            : null;
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? cookie = null, string? forwardedFor = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        Add(request, "Cookie", cookie);
        Add(request, "X-Forwarded-For", forwardedFor);
        return await _client.SendAsync(request);
    }

    /// <summary>Opens the page, fills in its form and sends it, as a browser without scripts does.</summary>
    /// <param name="path">The page.</param>
    /// <param name="cookie">Of the session, for both requests.</param>
    /// <param name="fields">What is typed, by field name.</param>
    /// <param name="meanwhile">What happens between opening and sending.</param>
    public async Task<HttpResponseMessage> FillInAsync(string path, string? cookie, (string Name, string Value)[] fields, Action? meanwhile = null)
    {
        using var opened = await GetAsync(path, cookie);
        var page = await opened.Content.ReadAsStringAsync();
        Assert.True(opened.StatusCode == HttpStatusCode.OK, page);
        var form = page[PagesForm().Match(page).Index..];
        var hidden = HiddenField().Matches(form[..form.IndexOf("</form>", StringComparison.Ordinal)])
            .Select(m => KeyValuePair.Create(m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value)));
        meanwhile?.Invoke();

        var given = CookiesOf(opened).Select(c => $"{c.Key}={c.Value}");
        return await PostAsync(
            path,
            string.Join("; ", cookie is null ? given : given.Prepend(cookie)),
            hidden.Concat(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));
    }

    public async Task<HttpResponseMessage> PostAsync(string path, string? cookie, IEnumerable<KeyValuePair<string, string>> fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        Add(request, "Cookie", cookie);
        return await _client.SendAsync(request);
    }

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Critical));
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => Api));
        });
    }

    private static Dictionary<string, string> CookiesOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies)
            ? cookies.Select(c => c.Split(';')[0].Split('=', 2)).ToDictionary(c => c[0], c => c[1])
            : [];

    private static void Add(HttpRequestMessage request, string header, string? value)
    {
        if (value is not null)
        {
            request.Headers.Add(header, value);
        }
    }

    /// <summary>Not the one in the header, which has an address.</summary>
    [GeneratedRegex("""<form method="post" (?!action)""")]
    private static partial Regex PagesForm();

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)" />""")]
    private static partial Regex HiddenField();
}
