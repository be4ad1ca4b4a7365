using Clinic.Api.Mail;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Accounts;
using Clinic.Core.Contracts;
using Clinic.Data;
using Clinic.Data.Accounts;
using Clinic.Data.Patients;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Auth;

/// <summary>Signs people in: a code by e-mail, then tokens for it. Whoever signs in for the first time becomes a patient.</summary>
internal sealed class SignIn(
    IDbContextFactory<ClinicDbContext> databases, SignInCodes codes, Sessions sessions, IMailer mailer, TimeProvider clock)
{
    /// <summary>Sends a code. Nothing in the answer or the way there depends on whether the address is known.</summary>
    /// <exception cref="ClinicProblem">400, 429, or 503 when no mail can be sent.</exception>
    public async Task SendCodeAsync(RequestCode request, CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var email = check.RequiredEmail("email", request.Email);
        check.Done();
        var code = await codes.IssueAsync(email, cancellationToken);
        await mailer.SendAsync(SignInMail.Of(email, code, clock.GetUtcNow()), cancellationToken);
    }

    /// <exception cref="ClinicProblem">400; 401 for a code that is wrong, expired, used or tried too often; 403 for a disabled account.</exception>
    public async Task<Tokens> RedeemAsync(RequestToken request, CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var email = check.RequiredEmail("email", request.Email);
        var code = request.Code.Trim();
        check.Require("code", code.Length == 6 && code.All(char.IsAsciiDigit), "Must be the six digits of the e-mail.");
        check.Done();

        if (!await codes.TryAsync(email, code, cancellationToken))
        {
            throw WrongCode();
        }

        return await databases.InTransactionAsync(
            async (db, _, ct) =>
            {
                if (!await codes.UseUpAsync(db, email, code, ct))
                {
                    throw WrongCode();
                }

                var account = await db.Accounts.SingleOrDefaultAsync(a => a.Email == email, ct) ?? await AddPatientAsync(db, email, ct);
                if (account.DisabledAt is not null)
                {
                    throw new ClinicProblem(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, "This account is closed. Please ask the clinic.");
                }

                var tokens = sessions.Open(db, account);
                await db.SaveChangesAsync(ct);
                return tokens;
            },
            cancellationToken);
    }

    /// <summary>
    /// An account for an address that has none. A record that the front desk made for exactly this address becomes theirs;
    /// where a family shares the address nobody can tell whose it is, and the front desk has to.
    /// </summary>
    private async Task<Account> AddPatientAsync(ClinicDbContext db, string email, CancellationToken cancellationToken)
    {
        var now = clock.GetStorableNow();
        var records = await db.Patients.Where(p => p.Email == email && !db.Accounts.Any(a => a.PatientId == p.Id))
            .Take(2).ToListAsync(cancellationToken);
        var patient = records is [var only]
            ? only
            : db.Patients.Add(new Patient { Id = Guid.CreateVersion7(now), Email = email, CreatedAt = now }.IndexForSearch()).Entity;
        return db.Accounts.Add(new Account
        {
            Id = Guid.CreateVersion7(now),
            Email = email,
            Role = AccountRole.Patient,
            PatientId = patient.Id,
            CreatedAt = now,
        }).Entity;
    }

    private static ClinicProblem WrongCode() => ClinicProblem.Unauthorized(
        ProblemCodes.InvalidCode, $"This code is wrong, has expired or was used. A code is good for {SignInCodes.Life.TotalMinutes:0} minutes and {SignInCodes.MaxTries} tries.");
}
