using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Clinic.Api.Auth;
using Clinic.Core.Accounts;
using Clinic.Core.Contracts;
using Clinic.Data.Accounts;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Api;

public sealed class SignInTests(ClinicApp app) : ApiTest(app)
{
    private readonly string _email = $"{Guid.NewGuid():N}@people.example";

    private HttpClient Anonymous => Api.Anonymous;

    [Fact]
    public async Task An_address_seen_for_the_first_time_becomes_a_patient()
    {
        var tokens = await TokensAsync();

        Assert.Equal(("Bearer", 600), (tokens.TokenType, tokens.ExpiresIn));
        var me = await MeAsync(tokens);
        Assert.Equal((AccountRole.Patient, _email), (me.Role, me.Email));
        Assert.NotNull(me.PatientId);
        Assert.Null(me.FullName);
    }

    [Fact]
    public async Task Signing_in_again_is_the_same_account()
    {
        var first = await MeAsync(await TokensAsync());
        var second = await MeAsync(await TokensAsync(_email.ToUpperInvariant()));

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task The_record_that_the_front_desk_made_for_an_address_becomes_its_holders()
    {
        var record = await RegisterAsync("Ana Rojas", _email);

        Assert.Equal((record.Id, "Ana Rojas"), (await MeAsync(await TokensAsync()) is var me ? (me.PatientId!.Value, me.FullName!) : default));
    }

    [Fact]
    public async Task Nobody_gets_a_record_out_of_several_that_share_an_address()
    {
        var records = new[] { await RegisterAsync("Ana Rojas", _email), await RegisterAsync("Luis Rojas", _email) };

        Assert.DoesNotContain((await MeAsync(await TokensAsync())).PatientId!.Value, records.Select(r => r.Id));
    }

    [Fact]
    public async Task The_answer_to_asking_for_a_code_is_the_same_for_known_and_unknown_addresses()
    {
        await AddAdminAsync();

        var answers = new List<string>();
        foreach (var email in new[] { _email, $"unknown-{_email}" })
        {
            using var response = await AskAsync(email);
            answers.Add($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()} {string.Join(',', response.Headers.Select(h => h.Key).Order())}");
        }

        Assert.StartsWith("202 ", answers[0], StringComparison.Ordinal);
        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task A_code_is_six_digits_and_stored_as_a_hash_alone()
    {
        var code = await Anonymous.RequestCodeAsync(_email);

        Assert.Matches("^[0-9]{6}$", code);
        await using var db = App.OpenDatabase();
        var stored = await db.SignInCodes.SingleAsync(c => c.Email == _email);
        Assert.Equal(32, stored.CodeHash.Length);
        Assert.DoesNotContain(code, JsonSerializer.Serialize(stored), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        var code = await Anonymous.RequestCodeAsync(_email);

        Assert.Equal(HttpStatusCode.OK, (await RedeemAsync(code)).StatusCode);
        await AssertProblemAsync(await RedeemAsync(code), 401, "invalid_code");
    }

    [Fact]
    public async Task Of_twenty_uses_of_one_code_at_once_one_succeeds()
    {
        var code = await Anonymous.RequestCodeAsync(_email);

        // Each counts as a try, so no more than the five reach the comparison.
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RedeemAsync(code)));

        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(19, answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task A_code_lasts_ten_minutes()
    {
        var code = await Anonymous.RequestCodeAsync(_email);
        Api.Clock.MoveTo(FixedClock.Start.AddMinutes(10));

        await AssertProblemAsync(await RedeemAsync(code), 401, "invalid_code");
    }

    [Fact]
    public async Task After_five_wrong_tries_the_right_code_is_of_no_use()
    {
        var code = await Anonymous.RequestCodeAsync(_email);
        var wrong = code == "000000" ? "000001" : "000000";
        foreach (var _ in Enumerable.Range(0, SignInCodes.MaxTries))
        {
            await AssertProblemAsync(await RedeemAsync(wrong), 401, "invalid_code");
        }

        await AssertProblemAsync(await RedeemAsync(code), 401, "invalid_code");
    }

    [Fact]
    public async Task A_new_code_replaces_the_one_before()
    {
        var first = await Anonymous.RequestCodeAsync(_email);
        var second = first;
        while (second == first)
        {
            // One time in a million it takes more than one.
            second = await Anonymous.RequestCodeAsync(_email);
        }

        await AssertProblemAsync(await RedeemAsync(first), 401, "invalid_code");
        Assert.Equal(HttpStatusCode.OK, (await RedeemAsync(second)).StatusCode);
    }

    [Fact]
    public async Task An_address_gets_five_codes_and_then_has_to_wait()
    {
        foreach (var _ in Enumerable.Range(0, SignInCodes.MaxSent))
        {
            Assert.Equal(HttpStatusCode.Accepted, (await AskAsync(_email)).StatusCode);
        }

        var refused = await AskAsync(_email);
        await AssertProblemAsync(refused, 429, "too_many_requests");
        Assert.Equal(SignInCodes.SendingSpan, refused.Headers.RetryAfter?.Delta);

        Api.Clock.MoveTo(FixedClock.Start + SignInCodes.SendingSpan);
        Assert.Equal(HttpStatusCode.Accepted, (await AskAsync(_email)).StatusCode);
    }

    [Fact]
    public async Task Whoever_signs_in_is_not_held_up_by_earlier_codes()
    {
        for (var i = 0; i <= SignInCodes.MaxSent; i++)
        {
            await TokensAsync();
        }
    }

    [Fact]
    public async Task A_caller_who_asks_for_many_addresses_has_to_wait()
    {
        await using var api = ApiInstance.Start(App, settings: new Dictionary<string, string?> { ["RateLimits:SignIn:Burst"] = "3", ["RateLimits:SignIn:PerSecond"] = "1" });
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            api.Anonymous.PostAsJsonAsync("/api/auth/code", new RequestCode { Email = $"{i}-{_email}" }, ClinicJson.Options)));

        var refused = answers.First(a => a.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        await AssertProblemAsync(refused, 429, "too_many_requests");
        Assert.Contains(answers, a => a.StatusCode == HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("""{"email": "nobody"}""", "email")]
    [InlineData("""{"email": ""}""", "email")]
    [InlineData("""{}""", "email")]
    [InlineData("""{"email": "a@b.example\r\nBcc: c@d.example"}""", "email")]
    public async Task A_malformed_address_is_refused(string body, string field)
    {
        using var content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
        var problem = await AssertProblemAsync(await Anonymous.PostAsync("/api/auth/code", content), 400, "invalid_request");

        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12345x")]
    public async Task A_malformed_code_is_refused_and_is_no_try(string code)
    {
        var right = await Anonymous.RequestCodeAsync(_email);
        foreach (var _ in Enumerable.Range(0, SignInCodes.MaxTries))
        {
            await AssertProblemAsync(await RedeemAsync(code), 400, "invalid_request");
        }

        Assert.Equal(HttpStatusCode.OK, (await RedeemAsync(right)).StatusCode);
    }

    [Fact]
    public async Task A_disabled_account_cannot_sign_in_or_refresh()
    {
        var tokens = await TokensAsync();
        await using var db = App.OpenDatabase();
        await db.Accounts.Where(a => a.Email == _email).ExecuteUpdateAsync(s => s.SetProperty(a => a.DisabledAt, FixedClock.Start));

        await AssertProblemAsync(await RefreshAsync(tokens.RefreshToken), 401, "invalid_refresh_token");
        await AssertProblemAsync(await RedeemAsync(await Anonymous.RequestCodeAsync(_email)), 403, "forbidden");
    }

    [Fact]
    public async Task A_refresh_token_gives_new_tokens_once()
    {
        var first = await TokensAsync();
        var second = await ReadAsync<Tokens>(await RefreshAsync(first.RefreshToken));

        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.Equal(_email, (await MeAsync(second)).Email);
    }

    [Fact]
    public async Task A_refresh_token_used_twice_ends_the_session_for_everybody()
    {
        var first = await TokensAsync();
        var second = await ReadAsync<Tokens>(await RefreshAsync(first.RefreshToken));

        await AssertProblemAsync(await RefreshAsync(first.RefreshToken), 401, "invalid_refresh_token");
        await AssertProblemAsync(await RefreshAsync(second.RefreshToken), 401, "invalid_refresh_token");
    }

    [Fact]
    public async Task Of_ten_uses_of_a_refresh_token_at_once_at_most_one_succeeds()
    {
        await using var other = ApiInstance.Start(App);
        var tokens = await TokensAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => RefreshAsync(tokens.RefreshToken, i % 2 == 0 ? Anonymous : other.Anonymous)));

        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(9, answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task A_refresh_token_that_nobody_uses_expires()
    {
        var tokens = await TokensAsync();
        Api.Clock.MoveTo(FixedClock.Start + Sessions.Life);

        await AssertProblemAsync(await RefreshAsync(tokens.RefreshToken), 401, "invalid_refresh_token");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("00000000000000000000000000000000.AAAA")]
    [InlineData("00000000000000000000000000000000.===")]
    public async Task A_made_up_refresh_token_is_refused(string token) =>
        await AssertProblemAsync(await RefreshAsync(token), 401, "invalid_refresh_token");

    [Fact]
    public async Task Signing_out_by_refresh_token_ends_its_session_alone()
    {
        var (ended, other) = (await TokensAsync(), await TokensAsync());

        Assert.Equal(HttpStatusCode.NoContent, (await Anonymous.PostAsJsonAsync("/api/auth/sign-out", new SignOut { RefreshToken = ended.RefreshToken }, ClinicJson.Options)).StatusCode);

        await AssertProblemAsync(await RefreshAsync(ended.RefreshToken), 401, "invalid_refresh_token");
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(other.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task Signing_out_by_access_token_ends_its_session()
    {
        var tokens = await TokensAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await SendWithAsync(tokens.AccessToken, HttpMethod.Post, "/api/auth/sign-out")).StatusCode);

        await AssertProblemAsync(await RefreshAsync(tokens.RefreshToken), 401, "invalid_refresh_token");
        await AssertProblemAsync(await Anonymous.PostAsync("/api/auth/sign-out", null), 401, "unauthenticated");
    }

    [Fact]
    public async Task An_access_token_expires()
    {
        var tokens = await TokensAsync();
        Api.Clock.MoveTo(FixedClock.Start.AddMinutes(11));

        var refused = await SendWithAsync(tokens.AccessToken, HttpMethod.Get, "/api/me");

        await AssertProblemAsync(refused, 401, "unauthenticated");
        Assert.Contains("invalid_token", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_instance_takes_the_tokens_of_every_other()
    {
        await using var other = ApiInstance.Start(App);
        var tokens = await TokensAsync();

        Assert.Equal(HttpStatusCode.OK, (await SendWithAsync(tokens.AccessToken, HttpMethod.Get, "/api/me", other.Anonymous)).StatusCode);
    }

    [Fact]
    public async Task A_changed_signing_key_leaves_the_previous_ones_tokens_good_until_it_is_dropped()
    {
        var tokens = await TokensAsync();
        const string Old = "a secret that all instances of these tests share";
        await using var rotated = ApiInstance.Start(App, settings: Keys(new string('n', 40), Old));
        await using var dropped = ApiInstance.Start(App, settings: Keys(new string('n', 40), null));

        Assert.Equal(HttpStatusCode.OK, (await SendWithAsync(tokens.AccessToken, HttpMethod.Get, "/api/me", rotated.Anonymous)).StatusCode);
        await AssertProblemAsync(await SendWithAsync(tokens.AccessToken, HttpMethod.Get, "/api/me", dropped.Anonymous), 401, "unauthenticated");

        static Dictionary<string, string?> Keys(string current, string? previous) =>
            new() { ["Auth:SigningKey"] = current, ["Auth:PreviousSigningKey"] = previous };
    }

    [Fact]
    public async Task People_say_who_they_are_and_what_they_leave_out_stays()
    {
        var tokens = await TokensAsync();
        var document = $"D{Guid.NewGuid():N}"[..12].ToUpperInvariant();
        await SendMeAsync(tokens, new UpdateMe { FullName = "  Ana Rojas ", DocumentNumber = document, TimeZone = "Europe/Madrid" });

        var me = await ReadAsync<Me>(await SendMeAsync(tokens, new UpdateMe { Phone = "+51 999 111 222" }));

        Assert.Equal(("Ana Rojas", document, "+51 999 111 222", "Europe/Madrid"), (me.FullName, me.DocumentNumber, me.Phone, me.TimeZone));
        await AssertProblemAsync(await SendMeAsync(tokens, new UpdateMe { TimeZone = "Mars/Olympus" }), 400, "unknown_time_zone");

        var other = await TokensAsync($"other-{_email}");
        await AssertProblemAsync(await SendMeAsync(other, new UpdateMe { DocumentNumber = document }), 409, "patient_exists");
    }

    private async Task AddAdminAsync()
    {
        await using var db = App.OpenDatabase();
        db.Accounts.Add(new Account { Id = Guid.CreateVersion7(), Email = _email, Role = AccountRole.Admin, CreatedAt = FixedClock.Start });
        await db.SaveChangesAsync();
    }

    private async Task<PatientDetails> RegisterAsync(string name, string email) => await ReadAsync<PatientDetails>(
        await PostAsync("/api/patients", new RegisterPatient { FullName = name, Email = email }), HttpStatusCode.Created);

    private Task<HttpResponseMessage> AskAsync(string email) =>
        Anonymous.PostAsJsonAsync("/api/auth/code", new RequestCode { Email = email }, ClinicJson.Options);

    private Task<HttpResponseMessage> RedeemAsync(string code) =>
        Anonymous.PostAsJsonAsync("/api/auth/token", new RequestToken { Email = _email, Code = code }, ClinicJson.Options);

    private Task<HttpResponseMessage> RefreshAsync(string refreshToken, HttpClient? client = null) =>
        (client ?? Anonymous).PostAsJsonAsync("/api/auth/refresh", new RefreshTokens { RefreshToken = refreshToken }, ClinicJson.Options);

    private async Task<Tokens> TokensAsync(string? email = null)
    {
        var code = await Anonymous.RequestCodeAsync(email ?? _email);
        return await ReadAsync<Tokens>(
            await Anonymous.PostAsJsonAsync("/api/auth/token", new RequestToken { Email = email ?? _email, Code = code }, ClinicJson.Options));
    }

    private async Task<Me> MeAsync(Tokens tokens) => await ReadAsync<Me>(await SendWithAsync(tokens.AccessToken, HttpMethod.Get, "/api/me"));

    private async Task<HttpResponseMessage> SendMeAsync(Tokens tokens, UpdateMe update) =>
        await SendWithAsync(tokens.AccessToken, HttpMethod.Put, "/api/me", body: update);

    private async Task<HttpResponseMessage> SendWithAsync(
        string accessToken, HttpMethod method, string path, HttpClient? client = null, UpdateMe? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", accessToken) } };
        request.Content = body is null ? null : JsonContent.Create(body, options: ClinicJson.Options);
        return await (client ?? Anonymous).SendAsync(request);
    }
}
