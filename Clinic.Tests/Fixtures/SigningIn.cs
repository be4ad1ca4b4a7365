using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Clinic.Core.Contracts;
using Microsoft.Playwright;

namespace Clinic.Tests.Fixtures;

/// <summary>Signs in as people do: a code by e-mail, taken from Development's mailbox.</summary>
internal static partial class SigningIn
{
    public const string Staff = "staff@clinic.example";

    /// <summary>From here on the client sends the access token of this account.</summary>
    public static async Task<Tokens> SignInAsync(this HttpClient api, string email = Staff)
    {
        var code = await api.RequestCodeAsync(email);
        using var response = await api.PostAsJsonAsync("/api/auth/token", new RequestToken { Email = email, Code = code }, ClinicJson.Options);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        var tokens = (await response.Content.ReadFromJsonAsync<Tokens>(ClinicJson.Options))!;
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(tokens.TokenType, tokens.AccessToken);
        return tokens;
    }

    /// <summary>Asks for a code and reads it in the mailbox.</summary>
    public static async Task<string> RequestCodeAsync(this HttpClient api, string email)
    {
        using var sent = await api.PostAsJsonAsync("/api/auth/code", new RequestCode { Email = email }, ClinicJson.Options);
        Assert.True(sent.StatusCode == HttpStatusCode.Accepted, await sent.Content.ReadAsStringAsync());
        return await api.ReadCodeAsync(email);
    }

    /// <summary>The latest code that went to the address.</summary>
    public static async Task<string> ReadCodeAsync(this HttpClient api, string email)
    {
        var mail = await api.GetFromJsonAsync<JsonElement>($"/dev/mail?to={Uri.EscapeDataString(email)}");
        var latest = mail.GetProperty("items").EnumerateArray().First();
        return SixDigits().Match(latest.GetProperty("text").GetString()!).Value;
    }

    /// <summary>Goes through the sign-in pages, the first of which is open, and waits for the page that comes after.</summary>
    public static async Task SignInAsync(this IPage page, HttpClient api, string email)
    {
        await page.Locator("#email").FillAsync(email);
        await page.Locator("#send-code").ClickAsync();
        await page.ArriveAtAsync(new Regex("/sign-in/code"));
        await page.Locator("#code").FillAsync(await api.ReadCodeAsync(email));
        await page.Locator("#sign-in").ClickAsync();
        await page.ArriveAtAsync(OutsideOfSignIn());
    }

    [GeneratedRegex("^https?://[^/]+/(?!sign-in)")]
    private static partial Regex OutsideOfSignIn();

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex SixDigits();
}
