using Clinic.Api.Idempotency;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Accounts;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Appointments;

namespace Clinic.Api.Appointments;

/// <summary>Moves and cancels visits that are booked.</summary>
internal sealed class Rescheduling(AppointmentChanges changes, TimeProvider clock)
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
            CalendarQuestion.ForVisit(id, request.Start),
            calendar =>
            {
                calendar.RefuseAbsurd(request.Start);
                var appointment = calendar.RequireVisit(ifMatch, AppointmentAction.Move);
                RequireInTime(caller, appointment, AppointmentAction.Move, calendar);

                var from = new { start = appointment.StartsAt.InZone(calendar.Zone), modality = appointment.Modality };
                var modality = request.Modality ?? appointment.Modality;
                if (modality != appointment.Modality)
                {
                    calendar.RequireOffered(appointment.TreatmentId, modality);
                }

                var start = request.Start.ToUniversalTime();
                var visit = new Interval(start, start + (appointment.EndsAt - appointment.StartsAt));
                calendar.RequireFree(visit, modality);
                appointment.StartsAt = visit.Start;
                appointment.EndsAt = visit.End;
                appointment.Modality = modality;
                appointment.Sequence++;
                return new AppointmentChange(
                    appointment,
                    AppointmentAction.Move,
                    appointment.Status,
                    new { fromStart = from.start, toStart = start.InZone(calendar.Zone), fromModality = from.modality, toModality = modality })
                {
                    LapsedHolds = calendar.LapsedHoldsIn(visit),
                };
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
            CalendarQuestion.ForVisitAlone(id),
            calendar =>
            {
                var appointment = calendar.RequireVisit(ifMatch, AppointmentAction.Cancel);
                RequireInTime(caller, appointment, AppointmentAction.Cancel, calendar);

                var before = appointment.Status;
                appointment.Status = AppointmentStatus.Cancelled;
                appointment.HoldExpiresAt = null;
                // Of a hold the patient has heard nothing.
                appointment.Sequence += before == AppointmentStatus.Held ? 0 : 1;
                return new AppointmentChange(
                    appointment, AppointmentAction.Cancel, before, reason is null ? null : new { reason });
            },
            cancellationToken);

    /// <summary>The doctor's notice binds patients; the front desk decides for itself.</summary>
    private void RequireInTime(Caller caller, Appointment appointment, AppointmentAction action, LockedCalendar calendar)
    {
        var notice = calendar.Doctor.Availability.Rules.ChangeNotice;
        if (caller.Role == AccountRole.Patient && ChangeNotice.IsTooLate(appointment.Status, appointment.StartsAt, notice, clock.GetUtcNow()))
        {
            throw AppointmentProblems.TooLate(action, ChangeNotice.Until(appointment.StartsAt, notice), calendar.Zone);
        }
    }
}
