using Clinic.Api.Idempotency;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;
using Clinic.Data.Appointments;

namespace Clinic.Api.Appointments;

/// <summary>What happens at the front desk on the day of a visit (R22). No patient is written to for any of it.</summary>
internal sealed class DaysWork(AppointmentChanges changes, TimeProvider clock)
{
    /// <summary>Checks in, completes or marks as a no-show. None of them takes time, so the visit's own lock is enough.</summary>
    /// <param name="id">The visit.</param>
    /// <param name="action">One of the three.</param>
    /// <param name="ifMatch">Which versions the caller has seen.</param>
    /// <param name="caller">Who does it.</param>
    /// <param name="key">The request's Idempotency-Key.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is changed then.</param>
    /// <exception cref="ClinicProblem">404, 409 <c>invalid_transition</c> or 412; the visit is as it was.</exception>
    public Task<AppointmentAnswer> MarkAsync(
        Guid id, AppointmentAction action, IfMatch ifMatch, Caller caller, IdempotencyKey? key, CancellationToken cancellationToken) =>
        changes.RunAsync(
            action,
            caller,
            key,
            StatusCodes.Status200OK,
            CalendarQuestion.ForVisitAlone(id),
            calendar =>
            {
                var appointment = calendar.RequireVisit(ifMatch, action);
                if (action == AppointmentAction.NoShow && clock.GetUtcNow() < Lifecycle.NoShowFrom(appointment.StartsAt))
                {
                    throw AppointmentProblems.NoShowTooEarly(Lifecycle.NoShowFrom(appointment.StartsAt), calendar.Zone);
                }

                return Change(appointment, action);
            },
            cancellationToken);

    /// <summary>
    /// Takes a no-show back, and with it the visit's time. Rules and hours are not asked: the visit was there before, and
    /// buffers are for planning. Only who has the time now stands in the way.
    /// </summary>
    /// <exception cref="ClinicProblem">404, 409 <c>invalid_transition</c>, <c>slot_taken</c> or <c>patient_busy</c>, or 412.</exception>
    public Task<AppointmentAnswer> UndoNoShowAsync(
        Guid id, IfMatch ifMatch, Caller caller, IdempotencyKey? key, CancellationToken cancellationToken) =>
        changes.RunAsync(
            AppointmentAction.UndoNoShow,
            caller,
            key,
            StatusCodes.Status200OK,
            CalendarQuestion.ForVisit(id),
            calendar =>
            {
                var appointment = calendar.RequireVisit(ifMatch, AppointmentAction.UndoNoShow);
                var visit = new Interval(appointment.StartsAt, appointment.EndsAt);
                calendar.RequireNoOverlap(visit);
                return Change(appointment, AppointmentAction.UndoNoShow) with { LapsedHolds = calendar.LapsedHoldsIn(visit) };
            },
            cancellationToken);

    private static AppointmentChange Change(Appointment appointment, AppointmentAction action)
    {
        var before = appointment.Status;
        appointment.Status = Lifecycle.After(before, action)!.Value;
        return new AppointmentChange(appointment, action, before, Details: null);
    }
}
