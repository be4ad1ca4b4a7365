using Clinic.Api.Auth;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Accounts;
using Clinic.Core.Contracts;
using Clinic.Data;
using Clinic.Data.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Accounts;

/// <summary>The accounts of the clinic's people. Patients' accounts are listed and can be disabled, nothing else.</summary>
internal sealed class AccountRegister(IDbContextFactory<ClinicDbContext> databases, Sessions sessions, TimeProvider clock)
{
    public async Task<Page<AccountDetails>> ListAsync(AccountRole? role, string? text, PageQuery paging, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pattern = text is null ? null : SearchText.Pattern(text.ToLowerInvariant());
        var accounts = db.Accounts.AsNoTracking()
            .Where(a => (role == null || a.Role == role) && (pattern == null || EF.Functions.Like(a.Email, pattern, @"\")))
            .OrderBy(a => a.Email);
        var page = await paging.FetchAsync(accounts, cancellationToken);
        return new Page<AccountDetails>([.. page.Items.Select(Details)], page.PageNumber, page.PageSize, page.Total);
    }

    /// <exception cref="ClinicProblem">400, or 409 <c>account_exists</c>.</exception>
    public async Task<AccountDetails> CreateAsync(CreateAccount request, CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var email = check.RequiredEmail("email", request.Email);
        var name = check.Text("fullName", request.FullName, 200);
        check.Require("role", request.Role != AccountRole.Patient, "Patients make their account by signing in.");
        CheckDoctor(check, request.Role, request.DoctorId);
        check.Done();

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await RequireDoctorAsync(db, request.DoctorId, cancellationToken);
        var now = clock.GetStorableNow();
        var account = db.Accounts.Add(new Account
        {
            Id = Guid.CreateVersion7(now),
            Email = email,
            Role = request.Role,
            FullName = name,
            DoctorId = request.DoctorId,
            CreatedAt = now,
        }).Entity;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (DatabaseFailure.ViolatedConstraint(exception) == "ux_accounts_email")
        {
            throw ClinicProblem.Conflict(ProblemCodes.AccountExists, "There is an account with this e-mail address already.");
        }

        return Details(account);
    }

    /// <exception cref="ClinicProblem">400 or 404; 409 <c>invalid_transition</c> for what would shut the caller out.</exception>
    public Task<AccountDetails> UpdateAsync(Caller caller, Guid id, UpdateAccount request, CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var name = check.Text("fullName", request.FullName, 200);
        CheckDoctor(check, request.Role, request.DoctorId);
        check.Done();

        return databases.InTransactionAsync(
            async (db, _, ct) =>
            {
                var account = await db.Accounts.FromSql($"SELECT * FROM clinic.accounts WHERE id = {id} FOR NO KEY UPDATE").SingleOrDefaultAsync(ct)
                    ?? throw ClinicProblem.NotFound("account", id);
                if (account.Id == caller.AccountId && (request.Disabled || request.Role != AccountRole.Admin))
                {
                    throw ClinicProblem.Conflict(
                        ProblemCodes.InvalidTransition, "You would shut yourself out. Let another admin do it, so that there is always one.");
                }

                if ((account.Role == AccountRole.Patient) != (request.Role == AccountRole.Patient))
                {
                    throw ClinicProblem.Invalid("role", "A patient's account stays one; make another account for the work at the clinic.");
                }

                await RequireDoctorAsync(db, request.DoctorId, ct);
                account.Role = request.Role;
                account.FullName = account.Role == AccountRole.Patient ? null : name;
                account.DoctorId = request.DoctorId;
                account.DisabledAt = request.Disabled ? account.DisabledAt ?? clock.GetStorableNow() : null;
                await db.SaveChangesAsync(ct);
                await sessions.EndAllAsync(db, id);
                return Details(account);
            },
            cancellationToken);
    }

    private static void CheckDoctor(RequestCheck check, AccountRole role, Guid? doctorId) => check.Require(
        "doctorId",
        (role == AccountRole.Doctor) == (doctorId is not null),
        role == AccountRole.Doctor ? "Say whose calendar it is." : "Only for the role doctor.");

    private static async Task RequireDoctorAsync(ClinicDbContext db, Guid? doctorId, CancellationToken cancellationToken)
    {
        if (doctorId is { } id && !await db.Doctors.AnyAsync(d => d.Id == id, cancellationToken))
        {
            throw ClinicProblem.Invalid("doctorId", $"There is no doctor {id}.");
        }
    }

    private static AccountDetails Details(Account account) => new(
        account.Id, account.Email, account.Role, account.FullName, account.PatientId, account.DoctorId, account.DisabledAt is not null, account.CreatedAt);
}
