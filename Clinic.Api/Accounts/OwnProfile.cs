using Clinic.Api.Patients;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Accounts;
using Clinic.Core.Contracts;
using Clinic.Data;
using Clinic.Data.Accounts;
using Clinic.Data.Patients;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Accounts;

/// <summary>What people see and say of themselves.</summary>
internal sealed class OwnProfile(ClinicDbContext db)
{
    /// <exception cref="ClinicProblem">401: the account is gone.</exception>
    public async Task<Me> GetAsync(Caller caller, CancellationToken cancellationToken)
    {
        var own = await FindAsync(caller, cancellationToken);
        return Details(own);
    }

    /// <exception cref="ClinicProblem">400; 409 <c>patient_exists</c> for somebody else's document number.</exception>
    public async Task<Me> UpdateAsync(Caller caller, UpdateMe request, CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var name = check.Text("fullName", request.FullName, 200);
        var document = check.DocumentNumber("documentNumber", request.DocumentNumber);
        var phone = check.Phone("phone", request.Phone);
        var isPatient = caller.Role == AccountRole.Patient;
        foreach (var (field, value) in new[] { ("documentNumber", document), ("phone", phone), ("timeZone", request.TimeZone) })
        {
            check.Require(field, isPatient || string.IsNullOrEmpty(value), "Only patients have one.");
        }

        check.Require("fullName", caller.Role != AccountRole.Doctor || name is null, "A doctor's name is in the doctor's record; the front desk changes it.");
        check.Done();
        RequestCheck.Zone(request.TimeZone);

        var own = await FindAsync(caller, cancellationToken);
        if (own.Patient is { } patient)
        {
            patient.FullName = name ?? patient.FullName;
            patient.DocumentNumber = document ?? patient.DocumentNumber;
            patient.Phone = phone ?? patient.Phone;
            patient.TimeZone = string.IsNullOrEmpty(request.TimeZone) ? patient.TimeZone : request.TimeZone;
            patient.IndexForSearch();
        }
        else
        {
            own.Account.FullName = name ?? own.Account.FullName;
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (PatientRegister.IsKnownDocument(exception))
        {
            throw PatientRegister.DocumentTaken();
        }

        return Details(own);
    }

    private async Task<Own> FindAsync(Caller caller, CancellationToken cancellationToken)
    {
        var own = await (
            from account in db.Accounts
            join p in db.Patients on account.PatientId equals p.Id into patients
            from patient in patients.DefaultIfEmpty()
            join d in db.Doctors on account.DoctorId equals d.Id into doctors
            from doctor in doctors.DefaultIfEmpty()
            where account.Id == caller.AccountId
            select new Own(account, patient, doctor == null ? null : doctor.FullName, doctor == null ? null : doctor.TimeZone))
            .SingleOrDefaultAsync(cancellationToken);
        return own ?? throw ClinicProblem.Unauthorized(ProblemCodes.Unauthenticated, "This account is no longer there. Sign in again.");
    }

    private static Me Details(Own own) => new(
        own.Account.Id,
        own.Account.Role,
        own.Account.Email,
        own.Account.PatientId,
        own.Account.DoctorId,
        own.Patient?.FullName ?? own.DoctorName ?? own.Account.FullName,
        own.Patient?.DocumentNumber,
        own.Patient?.Phone,
        own.Patient?.TimeZone ?? own.DoctorZone);

    private sealed record Own(Account Account, Patient? Patient, string? DoctorName, string? DoctorZone);
}
