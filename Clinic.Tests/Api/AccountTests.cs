using System.Net;
using System.Net.Http.Json;
using Clinic.Core.Accounts;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Api;

public sealed class AccountTests(ClinicApp app) : ApiTest(app)
{
    private readonly string _email = $"{Guid.NewGuid():N}@people.example";

    private HttpClient Admin => field ??= Api.As(AccountRole.Admin);

    [Fact]
    public async Task An_admin_adds_staff_who_can_sign_in()
    {
        var created = await CreateAsync(AccountRole.Staff, fullName: "Luz Prado");
        Assert.Equal((_email, AccountRole.Staff, "Luz Prado", false), (created.Email, created.Role, created.FullName, created.Disabled));

        await Api.Anonymous.SignInAsync(_email);

        Assert.Equal(HttpStatusCode.OK, (await Api.Anonymous.GetAsync("/api/patients")).StatusCode);
        Assert.Equal("Luz Prado", (await Api.Anonymous.GetFromJsonAsync<Me>("/api/me", ClinicJson.Options))!.FullName);
    }

    [Fact]
    public async Task A_doctors_account_reads_the_own_calendar()
    {
        await CreateAsync(AccountRole.Doctor, DoctorId);
        await Api.Anonymous.SignInAsync(_email);

        Assert.Equal(HttpStatusCode.OK, (await Api.Anonymous.GetAsync($"/api/doctors/{DoctorId}/schedule")).StatusCode);
    }

    [Theory]
    [InlineData(AccountRole.Patient, false, "role")]
    [InlineData(AccountRole.Doctor, false, "doctorId")]
    [InlineData(AccountRole.Staff, true, "doctorId")]
    public async Task An_account_that_makes_no_sense_is_refused(AccountRole role, bool withDoctor, string field)
    {
        var problem = await AssertProblemAsync(await PostCreateAsync(role, withDoctor ? DoctorId : null), 400, "invalid_request");

        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task An_unknown_doctor_is_refused() =>
        await AssertProblemAsync(await PostCreateAsync(AccountRole.Doctor, Guid.NewGuid()), 400, "invalid_request");

    [Fact]
    public async Task Of_ten_equal_accounts_at_once_one_is_made()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostCreateAsync(AccountRole.Staff)));

        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
        {
            await AssertProblemAsync(refused, 409, "account_exists");
        }
    }

    [Fact]
    public async Task A_disabled_account_loses_its_sessions_and_an_enabled_one_may_sign_in_again()
    {
        var account = await CreateAsync(AccountRole.Staff);
        var tokens = await Api.Anonymous.SignInAsync(_email);

        var disabled = await ReadAsync<AccountDetails>(await UpdateAsync(account.Id, AccountRole.Staff, disabled: true));
        Assert.True(disabled.Disabled);
        await AssertProblemAsync(await RefreshAsync(tokens), 401, "invalid_refresh_token");

        await UpdateAsync(account.Id, AccountRole.Staff);
        await Api.Anonymous.SignInAsync(_email);
    }

    [Fact]
    public async Task A_changed_role_ends_the_sessions_that_had_the_old_one()
    {
        var account = await CreateAsync(AccountRole.Admin);
        var tokens = await Api.Anonymous.SignInAsync(_email);

        await ReadAsync<AccountDetails>(await UpdateAsync(account.Id, AccountRole.Staff));

        await AssertProblemAsync(await RefreshAsync(tokens), 401, "invalid_refresh_token");
    }

    [Fact]
    public async Task Admins_cannot_shut_themselves_out()
    {
        var account = await CreateAsync(AccountRole.Admin);
        await Api.Anonymous.SignInAsync(_email);
        var (path, self) = ($"/api/accounts/{account.Id}", Api.Anonymous);

        await AssertProblemAsync(await SendAsync(HttpMethod.Put, path, new UpdateAccount { Role = AccountRole.Staff }, client: self), 409, "invalid_transition");
        await AssertProblemAsync(await SendAsync(HttpMethod.Put, path, new UpdateAccount { Role = AccountRole.Admin, Disabled = true }, client: self), 409, "invalid_transition");
    }

    [Fact]
    public async Task A_patients_account_stays_one()
    {
        await Api.Anonymous.SignInAsync(_email);
        var me = (await Api.Anonymous.GetFromJsonAsync<Me>("/api/me", ClinicJson.Options))!;

        await AssertProblemAsync(await UpdateAsync(me.AccountId, AccountRole.Admin), 400, "invalid_request");
        Assert.True((await ReadAsync<AccountDetails>(await UpdateAsync(me.AccountId, AccountRole.Patient, disabled: true))).Disabled);
    }

    [Fact]
    public async Task Accounts_are_found_by_role_and_part_of_the_address()
    {
        var created = await CreateAsync(AccountRole.Staff);

        var found = await ReadAsync<Page<AccountDetails>>(await Admin.GetAsync($"/api/accounts?role=staff&q={_email[4..20]}"));

        Assert.Equal(created, Assert.Single(found.Items));
        Assert.Empty((await ReadAsync<Page<AccountDetails>>(await Admin.GetAsync($"/api/accounts?role=admin&q={_email[4..20]}"))).Items);
    }

    [Fact]
    public async Task An_unknown_account_is_404() => await AssertProblemAsync(await UpdateAsync(Guid.NewGuid(), AccountRole.Staff), 404, "not_found");

    private Task<HttpResponseMessage> PostCreateAsync(AccountRole role, Guid? doctorId = null, string? fullName = null) => SendAsync(
        HttpMethod.Post, "/api/accounts", new CreateAccount { Email = _email, Role = role, DoctorId = doctorId, FullName = fullName }, client: Admin);

    private async Task<AccountDetails> CreateAsync(AccountRole role, Guid? doctorId = null, string? fullName = null) =>
        await ReadAsync<AccountDetails>(await PostCreateAsync(role, doctorId, fullName), HttpStatusCode.Created);

    private Task<HttpResponseMessage> UpdateAsync(Guid id, AccountRole role, bool disabled = false) =>
        SendAsync(HttpMethod.Put, $"/api/accounts/{id}", new UpdateAccount { Role = role, Disabled = disabled }, client: Admin);

    private Task<HttpResponseMessage> RefreshAsync(Tokens tokens) =>
        SendAsync(HttpMethod.Post, "/api/auth/refresh", new RefreshTokens { RefreshToken = tokens.RefreshToken });
}
