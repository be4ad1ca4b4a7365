using Clinic.Api.Idempotency;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data;
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
                // Doctor and patient of a visit never change, so they may be read before they are locked.
                var parties = await db.Appointments.Where(a => a.Id == id).Select(a => new { a.DoctorId, a.PatientId }).SingleOrDefaultAsync(ct)
                    ?? throw ClinicProblem.NotFound("appointment", id);
                var calendar = await LockedCalendar.LoadAsync(db, locks, parties.DoctorId, parties.PatientId, request.Start, now, ct);
                var appointment = await LockAsync(db, id, ifMatch, AppointmentAction.Move, now, ct);

                var from = new { start = appointment.StartsAt.InZone(calendar.Zone), modality = appointment.Modality };
                var modality = request.Modality ?? appointment.Modality;
                if (modality != appointment.Modality)
                {
                    calendar.RequireOffered(appointment.TreatmentId, modality);
                }

                var start = request.Start.ToUniversalTime();
                var visit = new Interval(start, start + (appointment.EndsAt - appointment.StartsAt));
                calendar.RequireFree(visit, modality, except: id);
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

    /// <summary>Cancels a visit; its time is free at once.</summary>
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
                var now = clock.GetUtcNow();
                var appointment = await LockAsync(db, id, ifMatch, AppointmentAction.Cancel, now, ct);
                var zone = await db.Doctors.Where(d => d.Id == appointment.DoctorId).Select(d => d.TimeZone).SingleAsync(ct);
                var before = appointment.Status;
                appointment.Status = AppointmentStatus.Cancelled;
                appointment.HoldExpiresAt = null;
                appointment.Sequence++;
                return new AppointmentChange(
                    appointment, TimeZones.Find(zone), AppointmentAction.Cancel, before, reason is null ? null : new { reason });
            },
            cancellationToken);

    /// <summary>Locks the visit, after the doctor and the patient where they are locked too, and asks whether it may change.</summary>
    private static async Task<Appointment> LockAsync(
        ClinicDbContext db, Guid id, IfMatch ifMatch, AppointmentAction action, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var appointment = await db.Appointments
            .FromSql($"SELECT *, xmin FROM clinic.appointments WHERE id = {id} FOR NO KEY UPDATE")
            .SingleOrDefaultAsync(cancellationToken) ?? throw ClinicProblem.NotFound("appointment", id);
        if (!ifMatch.Allows(appointment.Version))
        {
            throw AppointmentProblems.VersionConflict();
        }

        if (Lifecycle.After(appointment.Status, action) is null)
        {
            throw AppointmentProblems.InvalidTransition(appointment.Status, action);
        }

        return appointment.StartsAt > now ? appointment : throw AppointmentProblems.TooLate(action);
    }
}
