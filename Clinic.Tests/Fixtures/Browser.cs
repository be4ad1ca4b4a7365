using Microsoft.Playwright;

namespace Clinic.Tests.Fixtures;

/// <summary>A real browser, headless: Chromium or Chrome as the machine has it, else the one that Playwright installed.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>How long a page may take, in milliseconds: machines that run tests are busy.</summary>
    public const float Patience = 30_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _missing;

    public async ValueTask InitializeAsync()
    {
        try
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Installed(),
                // A sandbox of its own is not to be had as root or in a container; the rest keeps it from calling home.
                Args =
                [
                    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                ],
            });
        }
        catch (PlaywrightException exception)
        {
            _missing = $"No browser: install chromium, or run Playwright's own install. {exception.Message.Split('\n')[0]}";
        }
    }

    /// <summary>A page in a window of its own. The test is skipped, with the reason, where there is no browser.</summary>
    /// <param name="baseAddress">What paths are relative to.</param>
    /// <param name="zone">IANA zone in which the visitor lives.</param>
    /// <param name="width">Width of the window in pixels.</param>
    /// <param name="scripts">Whether the visitor lets pages run scripts.</param>
    public async Task<IPage> OpenAsync(Uri baseAddress, string zone = "America/Lima", int width = 1280, bool scripts = true)
    {
        Assert.SkipUnless(_missing is null, _missing ?? "");
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = baseAddress.ToString(),
            TimezoneId = zone,
            JavaScriptEnabled = scripts,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private static string? Installed() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}
