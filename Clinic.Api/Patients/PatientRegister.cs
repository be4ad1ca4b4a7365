using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Contracts;
using Clinic.Data;
using Clinic.Data.Patients;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Patients;

/// <summary>Registers patients and reads their records.</summary>
internal sealed class PatientRegister(IDbContextFactory<ClinicDbContext> databases, TimeProvider clock)
{
    /// <summary>
    /// Registers a patient. Somebody who registers again, by document number and e-mail address, gets the record that
    /// there is, unchanged: a repeated request makes no second patient.
    /// </summary>
    /// <exception cref="ClinicProblem">400, or 409 <c>patient_exists</c> when only the document number is known.</exception>
    public async Task<(PatientDetails Patient, bool IsNew)> RegisterAsync(RegisterPatient request, CancellationToken cancellationToken)
    {
        var patient = Read(request);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (patient.DocumentNumber is not null && await FindAsync(db, patient, cancellationToken) is { } known)
        {
            return (known, false);
        }

        db.Patients.Add(patient);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return (Details(patient), true);
        }
        catch (DbUpdateException exception) when (DatabaseFailure.ViolatedConstraint(exception) is not null)
        {
            // The same person was registered in the meantime, or by this very request before its connection broke.
            await using var fresh = await databases.CreateDbContextAsync(cancellationToken);
            if (await FindAsync(fresh, patient, cancellationToken) is not { } winner)
            {
                throw;
            }

            return (winner, false);
        }
    }

    /// <exception cref="ClinicProblem">404.</exception>
    public async Task<PatientDetails> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return Details(await db.Patients.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken)
            ?? throw ClinicProblem.NotFound("patient", id));
    }

    private Patient Read(RegisterPatient request)
    {
        var check = new RequestCheck();
        var now = clock.GetStorableNow();
        var patient = new Patient
        {
            Id = Guid.CreateVersion7(now),
            FullName = check.RequiredText("fullName", request.FullName, 200),
            DocumentNumber = check.DocumentNumber("documentNumber", request.DocumentNumber),
            Email = check.Email("email", request.Email),
            Phone = check.Phone("phone", request.Phone),
            TimeZone = string.IsNullOrEmpty(request.TimeZone) ? null : request.TimeZone,
            CreatedAt = now,
        };
        check.Require("email", patient.Email is not null || patient.Phone is not null, "Give an e-mail address or a phone number, so that the clinic can reach you.");
        check.Done();
        RequestCheck.Zone(patient.TimeZone);
        return patient;
    }

    private static async Task<PatientDetails?> FindAsync(ClinicDbContext db, Patient patient, CancellationToken cancellationToken)
    {
        var known = await db.Patients.AsNoTracking()
            .SingleOrDefaultAsync(p => p.Id == patient.Id || p.DocumentNumber == patient.DocumentNumber, cancellationToken);
        if (known is null)
        {
            return null;
        }

        return known.Email == patient.Email ? Details(known) : throw ClinicProblem.Conflict(
            ProblemCodes.PatientExists,
            "This document number is registered with another e-mail address. Use that address, or ask the front desk to change it.");
    }

    private static PatientDetails Details(Patient patient) => new(
        patient.Id, patient.FullName, patient.DocumentNumber, patient.Email, patient.Phone, patient.TimeZone, patient.CreatedAt);
}
