using Clinic.Api.Appointments;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Api.Schedules;
using Clinic.Api.Slots;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Doctors;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Doctors;

/// <summary>
/// Changes doctors and their treatments. Every change takes the doctor's lock, as booking does: no booking is made by half
/// of a change.
/// </summary>
internal sealed class DoctorEditor(
    IDbContextFactory<ClinicDbContext> databases, SlotCache cache, DoctorLockMetrics locks, TimeProvider clock)
{
    /// <summary>What a new doctor's booking rules are until the schedule is set. Without hours nobody can book yet.</summary>
    private static readonly BookingRules FirstRules = new(SlotMinutes: 15, BufferMinutes: 0, MinNoticeMinutes: 60, HorizonDays: 60);

    /// <exception cref="ClinicProblem">400.</exception>
    public async Task<Guid> CreateAsync(DoctorRecord request, CancellationToken cancellationToken)
    {
        Check(request);
        var now = clock.GetStorableNow();
        var doctor = new Doctor
        {
            Id = Guid.CreateVersion7(now),
            FullName = "",
            Specialty = "",
            City = "",
            TimeZone = "",
            SlotMinutes = FirstRules.SlotMinutes,
            BufferMinutes = FirstRules.BufferMinutes,
            MinNoticeMinutes = FirstRules.MinNoticeMinutes,
            HorizonDays = FirstRules.HorizonDays,
            CreatedAt = now,
        };
        Apply(request, doctor);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Doctors.Add(doctor);
        await db.SaveChangesAsync(cancellationToken);
        return doctor.Id;
    }

    /// <summary>Replaces a doctor's record. The hours are kept in the doctor's zone, so another zone moves all of them.</summary>
    /// <returns>The answer to a dry run; null when the record was replaced.</returns>
    /// <exception cref="ClinicProblem">400, 404, or 409 <c>visits_stranded</c>.</exception>
    public Task<StrandedVisits?> UpdateAsync(Guid id, DoctorRecord request, StrandingChoice choice, CancellationToken cancellationToken)
    {
        Check(request);
        return ChangeAsync(
            id,
            async (db, doctor, ct) =>
            {
                var hours = doctor.ToAvailability();
                var moved = hours with { Zone = TimeZones.Find(request.TimeZone) };
                if (await Stranding.DecideAsync(db, id, hours, moved, choice, clock.GetUtcNow(), ct) is { } answer)
                {
                    return answer;
                }

                Apply(request, doctor);
                return null;
            },
            cancellationToken);
    }

    /// <exception cref="ClinicProblem">400, 404, or 409 <c>treatment_exists</c>.</exception>
    public async Task<TreatmentDetails> AddTreatmentAsync(Guid doctorId, TreatmentRecord request, CancellationToken cancellationToken)
    {
        Check(request);
        // Made once, outside of any retry.
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        return Details(await ChangeAsync(
            doctorId,
            (db, doctor, _) =>
            {
                RequireNewName(doctor, request.Name, id);
                return Task.FromResult(Apply(request, db.Treatments.Add(new Treatment
                {
                    Id = id,
                    DoctorId = doctorId,
                    Name = "",
                    Price = 0,
                    Currency = "",
                    DurationMinutes = 0,
                    InPerson = false,
                    Online = false,
                }).Entity));
            },
            cancellationToken));
    }

    /// <exception cref="ClinicProblem">400, 404, or 409 <c>treatment_exists</c>.</exception>
    public async Task<TreatmentDetails> UpdateTreatmentAsync(Guid doctorId, Guid id, TreatmentRecord request, CancellationToken cancellationToken)
    {
        Check(request);
        return Details(await ChangeAsync(
            doctorId,
            (_, doctor, _) =>
            {
                RequireNewName(doctor, request.Name, id);
                return Task.FromResult(Apply(request, Find(doctor, id)));
            },
            cancellationToken));
    }

    /// <summary>Takes a treatment out of the offer; visits that are booked keep it.</summary>
    /// <exception cref="ClinicProblem">404.</exception>
    public Task RemoveTreatmentAsync(Guid doctorId, Guid id, CancellationToken cancellationToken) => ChangeAsync(
        doctorId,
        (_, doctor, _) =>
        {
            var treatment = Find(doctor, id);
            treatment.RemovedAt = clock.GetStorableNow();
            return Task.FromResult(treatment);
        },
        cancellationToken);

    private async Task<T> ChangeAsync<T>(
        Guid doctorId, Func<ClinicDbContext, Doctor, CancellationToken, Task<T>> change, CancellationToken cancellationToken)
    {
        var isChanged = false;
        try
        {
            return await databases.InTransactionAsync(
                async (db, _, ct) =>
                {
                    var doctor = await ScheduleEditor.LockAsync(db, locks, doctorId, ct);
                    await db.Entry(doctor).Collection(d => d.Treatments).LoadAsync(ct);
                    var changed = await change(db, doctor, ct);
                    isChanged = true;
                    await db.SaveChangesAsync(ct);
                    return changed;
                },
                cancellationToken);
        }
        finally
        {
            // Also when it failed: a commit whose answer got lost may have gone through.
            if (isChanged)
            {
                await cache.ForgetAsync(doctorId);
            }
        }
    }

    private static Treatment Find(Doctor doctor, Guid id) =>
        doctor.Treatments.SingleOrDefault(t => t.Id == id) ?? throw ClinicProblem.NotFound("treatment", id);

    private static void RequireNewName(Doctor doctor, string name, Guid except)
    {
        if (doctor.Treatments.Any(t => t.Id != except && t.Name == name.Trim()))
        {
            throw ClinicProblem.Conflict(ProblemCodes.TreatmentExists, $"{doctor.FullName} has a treatment of this name already.");
        }
    }

    private static void Check(DoctorRecord request)
    {
        var check = new RequestCheck();
        check.RequiredText("fullName", request.FullName, 200);
        check.RequiredText("specialty", request.Specialty, 100);
        check.RequiredText("city", request.City, 100);
        check.Text("about", request.About, 2000, lineBreaks: true);
        check.Require("timeZone", request.TimeZone.Length > 0, "Is required.");
        check.Done();
        RequestCheck.Zone(request.TimeZone);
    }

    private static void Check(TreatmentRecord request)
    {
        var check = new RequestCheck();
        check.RequiredText("name", request.Name, 200);
        check.Require("price", request.Price is >= 0 and <= 99_999_999.99m && decimal.Round(request.Price, 2) == request.Price, "Must be an amount from 0 to 99999999.99 with at most two decimals.");
        check.Require("currency", request.Currency.Length == 3 && request.Currency.All(char.IsAsciiLetterUpper), "Must be an ISO 4217 code such as PEN.");
        check.Range("durationMinutes", request.DurationMinutes, 5, Treatment.MaxDurationMinutes);
        check.Require("modalities", request.Modalities.Count > 0, "Name at least one.");
        check.Done();
    }

    private static void Apply(DoctorRecord request, Doctor doctor)
    {
        doctor.FullName = request.FullName.Trim();
        doctor.Specialty = request.Specialty.Trim();
        doctor.City = request.City.Trim();
        doctor.TimeZone = request.TimeZone;
        doctor.About = string.IsNullOrWhiteSpace(request.About) ? null : request.About.Trim();
        doctor.IndexForSearch();
    }

    private static Treatment Apply(TreatmentRecord request, Treatment treatment)
    {
        treatment.Name = request.Name.Trim();
        treatment.Price = request.Price;
        treatment.Currency = request.Currency;
        treatment.DurationMinutes = request.DurationMinutes;
        treatment.InPerson = request.Modalities.Contains(Modality.InPerson);
        treatment.Online = request.Modalities.Contains(Modality.Online);
        return treatment;
    }

    private static TreatmentDetails Details(Treatment treatment) =>
        new(treatment.Id, treatment.Name, treatment.Price, treatment.Currency, treatment.DurationMinutes, treatment.Modalities);
}
