using Clinic.Core.Accounts;
using Clinic.Data;
using Clinic.Data.Accounts;
using Clinic.Data.Patients;
using Clinic.MigrationWorker.Running;
using Microsoft.EntityFrameworkCore;

namespace Clinic.MigrationWorker.Accounts;

/// <summary>
/// The accounts that nobody could make from within: in Development one for each role, and anywhere the first admin, whose
/// address is <c>Accounts:FirstAdmin</c>. Accounts that exist are left as they are.
/// </summary>
internal sealed class AccountSeeder(
    IDbContextFactory<ClinicDbContext> contexts, AccountOptions options, TimeProvider clock, ILogger logger)
{
    /// <exception cref="WorkerFailure">The first admin's address belongs to somebody else.</exception>
    public Task SeedAsync(CancellationToken cancellationToken) => contexts.InTransactionAsync(
        async (context, _, cancellation) =>
        {
            if (options.FirstAdmin is { } email)
            {
                await AddFirstAdminAsync(context, email, cancellation);
            }

            if (options.Development)
            {
                await AddDevelopmentAccountsAsync(context, cancellation);
            }

            await context.SaveChangesAsync(cancellation);
            if (!await context.Accounts.AnyAsync(a => a.Role == AccountRole.Admin && a.DisabledAt == null, cancellation))
            {
                logger.LogWarning("The clinic has no admin. Set Accounts:FirstAdmin to the e-mail address of the first one.");
            }

            return true;
        },
        cancellationToken);

    private async Task AddFirstAdminAsync(ClinicDbContext context, string email, CancellationToken cancellationToken)
    {
        if (await context.Accounts.SingleOrDefaultAsync(a => a.Email == email, cancellationToken) is not { } known)
        {
            // Only the first: whoever is admin now decides about the others.
            if (!await context.Accounts.AnyAsync(a => a.Role == AccountRole.Admin && a.DisabledAt == null, cancellationToken))
            {
                Add(context, email, AccountRole.Admin);
                logger.LogInformation("Added the first admin's account");
            }
        }
        else if (known.Role != AccountRole.Admin)
        {
            throw new WorkerFailure("Accounts:FirstAdmin is the address of an account that is no admin's. Give another address, or drop the setting.");
        }
    }

    private async Task AddDevelopmentAccountsAsync(ClinicDbContext context, CancellationToken cancellationToken)
    {
        if (!await context.Accounts.AnyAsync(a => a.Email == DevelopmentAccounts.Patient, cancellationToken))
        {
            var now = clock.GetStorableNow();
            var patient = context.Patients.Add(new Patient
            {
                Id = Guid.CreateVersion7(now),
                FullName = "Rosa Quispe Flores",
                Email = DevelopmentAccounts.Patient,
                Phone = "+51 999 000 001",
                TimeZone = "America/Lima",
                CreatedAt = now,
            }.IndexForSearch()).Entity;
            Add(context, DevelopmentAccounts.Patient, AccountRole.Patient, patientId: patient.Id);
        }

        var doctor = await context.Doctors.OrderBy(d => d.Id).Select(d => (Guid?)d.Id).FirstOrDefaultAsync(cancellationToken);
        foreach (var (email, role, doctorId) in new[]
        {
            (DevelopmentAccounts.Admin, AccountRole.Admin, (Guid?)null),
            (DevelopmentAccounts.Staff, AccountRole.Staff, null),
            (DevelopmentAccounts.Doctor, AccountRole.Doctor, doctor),
        })
        {
            var isPossible = role != AccountRole.Doctor || doctorId is not null;
            if (isPossible && !await context.Accounts.AnyAsync(a => a.Email == email, cancellationToken))
            {
                Add(context, email, role, doctorId);
            }
        }
    }

    private void Add(ClinicDbContext context, string email, AccountRole role, Guid? doctorId = null, Guid? patientId = null)
    {
        // The same transaction may ask for one address twice.
        if (context.Accounts.Local.All(a => a.Email != email))
        {
            var now = clock.GetStorableNow();
            context.Accounts.Add(new Account
            {
                Id = Guid.CreateVersion7(now),
                Email = email,
                Role = role,
                DoctorId = doctorId,
                PatientId = patientId,
                CreatedAt = now,
            });
        }
    }
}
