using Clinic.Api.Idempotency;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Accounts;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Appointments;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Appointments;

/// <summary>Moves and cancels visits that are booked.</summary>
internal sealed class Rescheduling(AppointmentChanges changes, DoctorLockMetrics locks, TimeProvider clock)
{
    /// <summary>Moves a visit: same id, same length; its old time does not stand in its way and is free at once (R17).</summary>
    /// <exception cref="ClinicProblem">404, 409, 412 or 422; the visit is as it was.</exception>
    public Task<AppointmentAnswer> MoveAsync(
        Guid id, MoveAppointment request, IfMatch ifMatch, Caller caller, IdempotencyKey? key, CancellationToken cancellationToken) =>
        changes.RunAsync(
            AppointmentAction.Move,
            caller,
            key,
            StatusCodes.Status200OK,
            async (db, ct) =>
            {
                var now = clock.GetUtcNow();
                var parties = await LockedVisit.PartiesAsync(db, id, caller, ct);
                var calendar = await LockedCalendar.LoadAsync(db, locks, parties.DoctorId, parties.PatientId, request.Start, now, ct);
                var appointment = await LockedVisit.TakeAsync(db, id, caller, ifMatch, AppointmentAction.Move, ct);
                RequireInTime(caller, appointment, AppointmentAction.Move, calendar.Doctor.Availability.Rules, calendar.Zone);

                var from = new { start = appointment.StartsAt.InZone(calendar.Zone), modality = appointment.Modality };
                var modality = request.Modality ?? appointment.Modality;
                if (modality != appointment.Modality)
                {
                    calendar.RequireOffered(appointment.TreatmentId, modality);
                }

                var start = request.Start.ToUniversalTime();
                var visit = new Interval(start, start + (appointment.EndsAt - appointment.StartsAt));
                calendar.RequireFree(visit, modality, except: id);
                await calendar.ClearLapsedHoldsAsync(db, visit, ct);
                appointment.StartsAt = visit.Start;
                appointment.EndsAt = visit.End;
                appointment.Modality = modality;
                appointment.Sequence++;
                return new AppointmentChange(
                    appointment,
                    calendar.Zone,
                    AppointmentAction.Move,
                    appointment.Status,
                    new { fromStart = from.start, toStart = start.InZone(calendar.Zone), fromModality = from.modality, toModality = modality });
            },
            cancellationToken);

    /// <summary>Cancels a visit, or gives a hold back; its time is free at once.</summary>
    /// <exception cref="ClinicProblem">404, 409 or 412; the visit is as it was.</exception>
    public Task<AppointmentAnswer> CancelAsync(
        Guid id, string? reason, IfMatch ifMatch, Caller caller, IdempotencyKey? key, CancellationToken cancellationToken) =>
        changes.RunAsync(
            AppointmentAction.Cancel,
            caller,
            key,
            StatusCodes.Status200OK,
            async (db, ct) =>
            {
                var appointment = await LockedVisit.TakeAsync(db, id, caller, ifMatch, AppointmentAction.Cancel, ct);
                var doctor = await db.Doctors.AsNoTracking().SingleAsync(d => d.Id == appointment.DoctorId, ct);
                var zone = TimeZones.Find(doctor.TimeZone);
                RequireInTime(caller, appointment, AppointmentAction.Cancel, doctor.Rules, zone);

                var before = appointment.Status;
                appointment.Status = AppointmentStatus.Cancelled;
                appointment.HoldExpiresAt = null;
                // Of a hold the patient has heard nothing.
                appointment.Sequence += before == AppointmentStatus.Held ? 0 : 1;
                return new AppointmentChange(
                    appointment, zone, AppointmentAction.Cancel, before, reason is null ? null : new { reason });
            },
            cancellationToken);

    /// <summary>The doctor's notice binds patients; the front desk decides for itself.</summary>
    private void RequireInTime(Caller caller, Appointment appointment, AppointmentAction action, BookingRules rules, TimeZoneInfo zone)
    {
        if (caller.Role == AccountRole.Patient
            && ChangeNotice.IsTooLate(appointment.Status, appointment.StartsAt, rules.ChangeNotice, clock.GetUtcNow()))
        {
            throw AppointmentProblems.TooLate(action, ChangeNotice.Until(appointment.StartsAt, rules.ChangeNotice), zone);
        }
    }
}
