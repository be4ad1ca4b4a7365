using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Clinic.Tests.Fixtures;

internal static class Arriving
{
    /// <summary>Waits until the page has this address and is loaded; fails after the page's time limit.</summary>
    /// <remarks>
    /// Not with <c>WaitForURLAsync</c>: it looks first and listens then, and where the page arrives in between it waits for a
    /// navigation that has been (microsoft/playwright-dotnet#3364). Here the browser itself is asked until it says yes.
    /// </remarks>
    public static async Task ArriveAtAsync(this IPage page, Regex address)
    {
        await Assertions.Expect(page).ToHaveURLAsync(address);
        await page.LoadedAsync();
    }

    /// <summary>Nothing sticks out to the side, once the page has its styles.</summary>
    public static async Task AssertFitsAsync(this IPage page)
    {
        await page.LoadedAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
    }

    /// <remarks>Not with <c>WaitForFunctionAsync</c>: it evaluates text within the page, which the page's own policy forbids.</remarks>
    private static Task LoadedAsync(this IPage page) => page.EvaluateAsync(
        "document.readyState === 'complete' || new Promise(loaded => addEventListener('load', () => loaded(true), { once: true }))");
}
