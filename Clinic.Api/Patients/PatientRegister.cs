using Clinic.Api.Auth;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Accounts;
using Clinic.Core.Contracts;
using Clinic.Data;
using Clinic.Data.Patients;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Patients;

/// <summary>Registers patients, and reads and changes their records.</summary>
internal sealed class PatientRegister(IDbContextFactory<ClinicDbContext> databases, TimeProvider clock)
{
    /// <summary>
    /// Registers a patient. Somebody who registers again, by document number and e-mail address, gets the record that
    /// there is, unchanged: a repeated request makes no second patient.
    /// </summary>
    /// <exception cref="ClinicProblem">400, or 409 <c>patient_exists</c> when only the document number is known.</exception>
    public async Task<(PatientDetails Patient, bool IsNew)> RegisterAsync(RegisterPatient request, CancellationToken cancellationToken)
    {
        var now = clock.GetStorableNow();
        var patient = new Patient { Id = Guid.CreateVersion7(now), CreatedAt = now };
        Read(patient, request.FullName, request.DocumentNumber, request.Email, request.Phone, request.TimeZone);
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

    /// <exception cref="ClinicProblem">400, 404, or 409 <c>patient_exists</c> for another patient's document number.</exception>
    public async Task<PatientDetails> UpdateAsync(Guid id, UpdatePatient request, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var patient = await db.Patients.SingleOrDefaultAsync(p => p.Id == id, cancellationToken) ?? throw ClinicProblem.NotFound("patient", id);
        Read(patient, request.FullName, request.DocumentNumber, request.Email, request.Phone, request.TimeZone);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (IsKnownDocument(exception))
        {
            throw DocumentTaken();
        }

        return Details(patient);
    }

    /// <exception cref="ClinicProblem">404, also for a record that is not the caller's to see.</exception>
    public async Task<PatientDetails> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var mine = caller switch
        {
            { Reach: Reach.All } => true,
            { Role: AccountRole.Patient } => caller.PatientId == id,
            _ => await db.Appointments.AnyAsync(a => a.PatientId == id && a.DoctorId == caller.DoctorId, cancellationToken),
        };
        var patient = mine ? await db.Patients.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken) : null;
        return Details(patient ?? throw ClinicProblem.NotFound("patient", id));
    }

    /// <summary>Patients by name. Every word of <paramref name="text"/> must be found somewhere in the record.</summary>
    public async Task<Page<PatientDetails>> ListAsync(string? text, PageQuery paging, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var patients = db.Patients.AsNoTracking();
        foreach (var word in text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            var pattern = SearchText.Pattern(word);
            patients = patients.Where(p => EF.Functions.Like(p.SearchText, pattern, @"\"));
        }

        var page = await paging.FetchAsync(patients.OrderBy(p => p.FullName).ThenBy(p => p.Id), cancellationToken);
        return new Page<PatientDetails>([.. page.Items.Select(Details)], page.PageNumber, page.PageSize, page.Total);
    }

    /// <summary>Whether a write failed because of another patient's document number.</summary>
    public static bool IsKnownDocument(DbUpdateException exception) =>
        DatabaseFailure.ViolatedConstraint(exception) == "ux_patients_document_number";

    public static ClinicProblem DocumentTaken() => ClinicProblem.Conflict(
        ProblemCodes.PatientExists, "This document number belongs to another patient's record. Please ask the front desk.");

    private static void Read(Patient patient, string? fullName, string? documentNumber, string? email, string? phone, string? timeZone)
    {
        var check = new RequestCheck();
        patient.FullName = check.RequiredText("fullName", fullName, 200);
        patient.DocumentNumber = check.DocumentNumber("documentNumber", documentNumber);
        patient.Email = check.Email("email", email);
        patient.Phone = check.Phone("phone", phone);
        patient.TimeZone = string.IsNullOrEmpty(timeZone) ? null : timeZone;
        check.Require("email", patient.Email is not null || patient.Phone is not null, "Give an e-mail address or a phone number, so that the clinic can reach you.");
        check.Done();
        RequestCheck.Zone(patient.TimeZone);
        patient.IndexForSearch();
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
