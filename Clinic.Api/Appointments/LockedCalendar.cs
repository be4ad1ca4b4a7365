using Clinic.Api.Problems;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Appointments;
using Clinic.Data.Calendars;

namespace Clinic.Api.Appointments;

/// <summary>
/// What a change decides by: a doctor's calendar and a patient's visits around a time, and the visit itself, under the locks
/// of its <see cref="CalendarQuestion"/>: until the transaction ends nobody else changes them. Straight from Postgres (R4).
/// </summary>
/// <param name="doctor">The doctor's setup.</param>
/// <param name="rows">What was read.</param>
/// <param name="now">When it was asked for.</param>
internal sealed class LockedCalendar(DoctorSetup doctor, CalendarRows rows, DateTimeOffset now)
{
    public DoctorSetup Doctor => doctor;

    public TimeZoneInfo Zone => doctor.Availability.Zone;

    /// <summary>The patient's holds that have not lapsed, at whichever doctor and time.</summary>
    public int ActiveHoldsOfPatient => rows.OfPatient.Count(v => v.Busy.FreeFrom is not null && v.Busy.BlocksAt(now));

    /// <summary>The visit that is to be changed, if its version and its state allow the action.</summary>
    /// <exception cref="ClinicProblem">409 <c>invalid_transition</c> or 412.</exception>
    public Appointment RequireVisit(IfMatch ifMatch, AppointmentAction action)
    {
        var visit = rows.Visit!;
        if (!ifMatch.Allows(visit.Version))
        {
            throw AppointmentProblems.VersionConflict();
        }

        return Lifecycle.After(visit.Status, action) is not null ? visit : throw AppointmentProblems.InvalidTransition(visit.Status, action);
    }

    /// <summary>The doctor's treatment, if it is given in that modality.</summary>
    /// <exception cref="ClinicProblem">422 <c>treatment_not_offered</c>.</exception>
    public OfferedTreatment RequireOffered(Guid treatmentId, Modality modality)
    {
        var treatment = doctor.Treatments.SingleOrDefault(t => t.Id == treatmentId) ?? throw ClinicProblem.Unprocessable(
            ProblemCodes.TreatmentNotOffered, $"{doctor.FullName} has no treatment {treatmentId}.");
        return treatment.Modalities.Contains(modality) ? treatment : throw ClinicProblem.Unprocessable(
            ProblemCodes.TreatmentNotOffered, $"{treatment.Name} is not offered {(modality == Modality.Online ? "online" : "in person")}.");
    }

    /// <summary>Refuses times so far off that no rule needs to be asked, and no arithmetic should be tried on.</summary>
    /// <exception cref="ClinicProblem">422.</exception>
    public void RefuseAbsurd(DateTimeOffset start)
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

    /// <summary>Checks rules and hours, then the doctor's other visits, then the patient's.</summary>
    /// <param name="time">The wanted time.</param>
    /// <param name="modality">The wanted modality.</param>
    /// <exception cref="ClinicProblem">422 for the rules, 409 for other visits.</exception>
    public void RequireFree(Interval time, Modality modality)
    {
        var availability = doctor.Availability;
        if (BookingCheck.Refuse(availability, time.End - time.Start, modality, time.Start, now) is { } refusal)
        {
            throw AppointmentProblems.Refused(refusal, availability.Rules);
        }

        RequireNoVisits(time, availability.Rules.Buffer);
    }

    /// <summary>Checks that no other visit of the doctor or the patient overlaps, whatever rules, hours and buffers say.</summary>
    /// <exception cref="ClinicProblem">409 <c>slot_taken</c> or <c>patient_busy</c>.</exception>
    public void RequireNoOverlap(Interval time) => RequireNoVisits(time, buffer: TimeSpan.Zero);

    /// <summary>Lapsed holds that the exclusion constraints would count against this time; none, as a rule.</summary>
    public Guid[] LapsedHoldsIn(Interval time) => [.. rows.OfDoctor.Concat(rows.OfPatient)
        .Where(v => !v.Busy.BlocksAt(now) && v.Busy.During.Overlaps(time))
        .Select(v => v.AppointmentId)
        .Distinct()];

    private void RequireNoVisits(Interval time, TimeSpan buffer)
    {
        if (Blocks(rows.OfDoctor, time.Widen(buffer)))
        {
            throw AppointmentProblems.SlotTaken();
        }

        if (Blocks(rows.OfPatient, time))
        {
            throw AppointmentProblems.PatientBusy();
        }
    }

    /// <summary>A visit does not stand in its own way.</summary>
    private bool Blocks(IReadOnlyList<CalendarVisit> visits, Interval time) =>
        visits.Any(v => v.AppointmentId != rows.Visit?.Id && v.Busy.BlocksAt(now) && v.Busy.During.Overlaps(time));
}
