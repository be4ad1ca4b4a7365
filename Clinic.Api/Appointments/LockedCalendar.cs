using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Calendars;
using Clinic.Data.Doctors;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clinic.Api.Appointments;

/// <summary>
/// A doctor's calendar and a patient's visits around a time, read under locks on the doctor and then the patient, always
/// in that order: until the transaction ends nobody else books either of them. Comes straight from Postgres (R4).
/// </summary>
internal sealed class LockedCalendar
{
    private readonly IReadOnlyList<CalendarVisit> _patientVisits;
    private readonly DateTimeOffset _now;

    private LockedCalendar(DoctorCalendar doctor, IReadOnlyList<CalendarVisit> patientVisits, DateTimeOffset now)
    {
        Doctor = doctor;
        _patientVisits = patientVisits;
        _now = now;
    }

    public DoctorCalendar Doctor { get; }

    public TimeZoneInfo Zone => Doctor.Availability.Zone;

    /// <summary>The patient's holds that have not lapsed, at whichever doctor and time.</summary>
    public int ActiveHoldsOfPatient => _patientVisits.Count(v => v.Busy.FreeFrom is not null && v.Busy.BlocksAt(_now));

    /// <summary>Takes both locks and reads around a start that is asked for, in one round trip.</summary>
    /// <exception cref="ClinicProblem">404 for an unknown doctor or patient; 422 for a time no doctor can have open.</exception>
    public static Task<LockedCalendar> LoadAsync(
        ClinicDbContext db,
        DoctorLockMetrics locks,
        Guid doctorId,
        Guid patientId,
        DateTimeOffset start,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        RefuseAbsurd(start, now);
        return ReadAsync(db, locks, doctorId, patientId, start, now, cancellationToken);
    }

    /// <summary>Takes both locks and reads around a visit that exists, which may be over; likewise in one round trip.</summary>
    public static Task<LockedCalendar> LoadAsync(
        ClinicDbContext db, DoctorLockMetrics locks, VisitParties visit, DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync(db, locks, visit.DoctorId, visit.PatientId, visit.StartsAt, now, cancellationToken);

    private static async Task<LockedCalendar> ReadAsync(
        ClinicDbContext db,
        DoctorLockMetrics locks,
        Guid doctorId,
        Guid patientId,
        DateTimeOffset start,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        // Holds any visit that could overlap, with the largest buffer.
        var around = new Interval(start, start).Widen(TimeSpan.FromDays(1));
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
        CalendarReader.Append(batch, [doctorId], around, forUpdate: true);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT 1 FROM clinic.patients WHERE id = $1 FOR NO KEY UPDATE")
        {
            Parameters = { new() { Value = patientId } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            SELECT id, starts_at, ends_at, hold_expires_at FROM clinic.appointments
            WHERE patient_id = $1
              AND (status = 'held'
                OR (starts_at < $3 AND ends_at > $2
                  AND starts_at > $2 - interval '{Treatment.MaxDurationMinutes} minutes'
                  AND status NOT IN ('cancelled', 'no_show')))
            """)
        {
            Parameters = { new() { Value = patientId }, new() { Value = around.Start.UtcDateTime }, new() { Value = around.End.UtcDateTime } },
        });

        await using var reader = await locks.WaitAsync(() => batch.ExecuteReaderAsync(cancellationToken));
        var doctors = await CalendarReader.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var patientExists = await reader.ReadAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var patientVisits = new List<CalendarVisit>();
        while (await reader.ReadAsync(cancellationToken))
        {
            patientVisits.Add(CalendarReader.ReadVisit(reader, firstColumn: 0));
        }

        var doctor = doctors.GetValueOrDefault(doctorId) ?? throw ClinicProblem.NotFound("doctor", doctorId);
        return patientExists ? new LockedCalendar(doctor, patientVisits, now) : throw ClinicProblem.NotFound("patient", patientId);
    }

    /// <summary>The doctor's treatment, if it is given in that modality.</summary>
    /// <exception cref="ClinicProblem">422 <c>treatment_not_offered</c>.</exception>
    public OfferedTreatment RequireOffered(Guid treatmentId, Modality modality)
    {
        var treatment = Doctor.Treatments.SingleOrDefault(t => t.Id == treatmentId) ?? throw ClinicProblem.Unprocessable(
            ProblemCodes.TreatmentNotOffered, $"{Doctor.FullName} has no treatment {treatmentId}.");
        return treatment.Modalities.Contains(modality) ? treatment : throw ClinicProblem.Unprocessable(
            ProblemCodes.TreatmentNotOffered, $"{treatment.Name} is not offered {(modality == Modality.Online ? "online" : "in person")}.");
    }

    /// <summary>Checks rules and hours, then the doctor's other visits, then the patient's.</summary>
    /// <param name="visit">The wanted time.</param>
    /// <param name="modality">The wanted modality.</param>
    /// <param name="except">A visit that does not stand in its own way.</param>
    /// <exception cref="ClinicProblem">422 for the rules, 409 for other visits.</exception>
    public void RequireFree(Interval visit, Modality modality, Guid? except = null)
    {
        var availability = Doctor.Availability;
        if (BookingCheck.Refuse(availability, visit.End - visit.Start, modality, visit.Start, _now) is { } refusal)
        {
            throw AppointmentProblems.Refused(refusal, availability.Rules);
        }

        RequireNoVisits(visit, availability.Rules.Buffer, except);
    }

    /// <summary>Checks that no other visit of the doctor or the patient overlaps, whatever rules, hours and buffers say.</summary>
    /// <exception cref="ClinicProblem">409 <c>slot_taken</c> or <c>patient_busy</c>.</exception>
    public void RequireNoOverlap(Interval visit) => RequireNoVisits(visit, buffer: TimeSpan.Zero, except: null);

    /// <summary>
    /// To be called before a visit is written to this time: cancels the lapsed holds that the constraints would count. It
    /// sends nothing when there are none, as a rule.
    /// </summary>
    public Task ClearLapsedHoldsAsync(ClinicDbContext db, Interval visit, CancellationToken cancellationToken)
    {
        Guid[] lapsed = [.. Doctor.Visits.Concat(_patientVisits)
            .Where(v => !v.Busy.BlocksAt(_now) && v.Busy.During.Overlaps(visit))
            .Select(v => v.AppointmentId)
            .Distinct()];
        return lapsed is [] ? Task.CompletedTask : LapsedHolds.ClearAsync(db, lapsed, _now, cancellationToken);
    }

    private void RequireNoVisits(Interval visit, TimeSpan buffer, Guid? except)
    {
        if (Blocks(Doctor.Visits, visit.Widen(buffer)))
        {
            throw AppointmentProblems.SlotTaken();
        }

        if (Blocks(_patientVisits, visit))
        {
            throw AppointmentProblems.PatientBusy();
        }

        bool Blocks(IReadOnlyList<CalendarVisit> visits, Interval time) =>
            visits.Any(v => v.AppointmentId != except && v.Busy.BlocksAt(_now) && v.Busy.During.Overlaps(time));
    }

    /// <summary>Times so far off that no rule needs to be asked, and no arithmetic should be tried on.</summary>
    private static void RefuseAbsurd(DateTimeOffset start, DateTimeOffset now)
    {
        if (start < now)
        {
            throw ClinicProblem.Unprocessable(ProblemCodes.InThePast, "This time is in the past.");
        }

        if (start > now.AddYears(10))
        {
            throw ClinicProblem.Unprocessable(ProblemCodes.BeyondHorizon, "This time is years away. Bookings are taken for some weeks ahead.");
        }
    }
}
