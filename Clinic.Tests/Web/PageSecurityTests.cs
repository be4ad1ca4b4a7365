using System.Net;
using System.Text.RegularExpressions;
using Clinic.Tests.Fixtures;
using Clinic.Web.Layout;

namespace Clinic.Tests.Web;

/// <summary>What pages tell browsers to keep off, and where they never send anybody.</summary>
public sealed partial class PageSecurityTests : IAsyncDisposable
{
    private readonly WebInstance _web = WebInstance.Start();

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("//evil.example/appointments")]
    [InlineData(@"/\evil.example")]
    [InlineData(@"\\evil.example")]
    [InlineData(@"/a\..\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("http:/evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("evil.example")]
    [InlineData(" //evil.example")]
    [InlineData("")]
    [InlineData(null)]
    public async Task After_signing_in_nobody_is_sent_to_another_site(string? returnUrl)
    {
        Assert.Equal("/", ReturnPath.Of(returnUrl));

        // Somebody who is signed in already goes on at once.
        using var page = await _web.GetAsync($"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl ?? "")}", _web.Cookie(TimeSpan.FromMinutes(5)));
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal("/", WebInstance.LeadsTo(page));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/appointments?past=2")]
    [InlineData("/doctors/0195a6f0-0000-7000-8000-000000000001/book?start=2030-03-06T15:00:00Z")]
    public void A_path_of_our_own_is_gone_back_to(string path) => Assert.Equal(path, ReturnPath.Of(path));

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/sign-in", HttpStatusCode.OK)]
    [InlineData("/no-such-page", HttpStatusCode.NotFound)]
    [InlineData("/appointments", HttpStatusCode.Redirect)]
    public async Task Every_page_forbids_frames_foreign_content_and_scripts_within_it(string path, HttpStatusCode status)
    {
        using var page = await _web.GetAsync(path);

        Assert.Equal(status, page.StatusCode);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.DoesNotMatch(WithinThePage(), await page.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_a_signed_in_visitor_sees_is_not_kept_by_the_browser()
    {
        var cookie = _web.Cookie(TimeSpan.FromMinutes(5));
        using var own = await _web.GetAsync("/appointments", cookie);
        using var file = await _web.GetAsync("/clinic.css", cookie);

        Assert.True(own.Headers.CacheControl?.NoStore);
        Assert.False(file.Headers.CacheControl?.NoStore ?? false);
    }

    [Fact]
    public async Task Signing_out_takes_a_form_of_ours()
    {
        using var refused = await _web.PostAsync("/sign-out", _web.Cookie(TimeSpan.FromMinutes(5)), []);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.DoesNotContain(_web.Api.Requests, r => r.What == "POST /api/auth/sign-out");
    }

    /// <summary>A script without a file, a style, or a handler, which the policy would keep from working.</summary>
    [GeneratedRegex("""<script(?![^>]*\bsrc=)|<style|\sstyle="|\son[a-z]+="|javascript:""", RegexOptions.IgnoreCase)]
    private static partial Regex WithinThePage();
}
