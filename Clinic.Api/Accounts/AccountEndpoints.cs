using Clinic.Api.Requests;
using Clinic.Core.Accounts;
using Clinic.Core.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Clinic.Api.Accounts;

internal static class AccountEndpoints
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddScoped<AccountRegister>();
        services.AddScoped<OwnProfile>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var me = app.MapGroup("/api/me").WithTags("Sign-in");
        me.MapGet("/", GetMe).WithName("GetMe").WithSummary("Who is signed in.");
        me.MapPut("/", UpdateMe).WithName("UpdateMe").WithSummary("What people say about themselves; what is left out stays.");

        var accounts = app.MapGroup("/api/accounts").WithTags("Accounts");
        accounts.MapGet("/", List).WithName("ListAccounts").WithSummary("Accounts by e-mail address.");
        accounts.MapPost("/", Create).WithName("CreateAccount").WithSummary("An account for a doctor, the front desk or an admin.");
        accounts.MapPut("/{id:guid}", Update).WithName("UpdateAccount").WithSummary("Changes role and name, disables and enables; the account's sessions end.");
    }

    private static async Task<Ok<Me>> GetMe(Caller caller, OwnProfile profile, CancellationToken cancellationToken) =>
        TypedResults.Ok(await profile.GetAsync(caller, cancellationToken));

    private static async Task<Ok<Me>> UpdateMe(Caller caller, OwnProfile profile, UpdateMe request, CancellationToken cancellationToken) =>
        TypedResults.Ok(await profile.UpdateAsync(caller, request, cancellationToken));

    private static async Task<Ok<Page<AccountDetails>>> List(
        AccountRegister register, string? role, string? q, string? page, string? pageSize, CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var (wanted, text) = (check.Choice<AccountRole>("role", role), check.Text("q", q, 100));
        var paging = PageQuery.Read(check, page, pageSize);
        check.Done();
        return TypedResults.Ok(await register.ListAsync(wanted, text, paging, cancellationToken));
    }

    private static async Task<Created<AccountDetails>> Create(AccountRegister register, CreateAccount request, CancellationToken cancellationToken)
    {
        var created = await register.CreateAsync(request, cancellationToken);
        return TypedResults.Created($"/api/accounts/{created.Id}", created);
    }

    private static async Task<Ok<AccountDetails>> Update(
        Caller caller, AccountRegister register, Guid id, UpdateAccount request, CancellationToken cancellationToken) =>
        TypedResults.Ok(await register.UpdateAsync(caller, id, request, cancellationToken));
}
