using Clinic.Api.Idempotency;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Accounts;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Appointments;

namespace Clinic.Api.Appointments;

/// <summary>Books visits: at once, or as a hold that is confirmed within five minutes (R7, R11).</summary>
internal sealed class Booking(AppointmentChanges changes, TimeProvider clock)
{
    /// <exception cref="ClinicProblem">
    /// 404, 409 <c>slot_taken</c>, <c>patient_busy</c> or <c>too_many_holds</c>, 422 with the rule that refuses.
    /// </exception>
    public Task<AppointmentAnswer> BookAsync(BookAppointment request, Caller caller, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var reason = check.Text("reason", request.Reason, 500, lineBreaks: true);
        // Patients book for themselves, whatever the body says.
        var patientId = caller.Role == AccountRole.Patient ? caller.PatientId : request.PatientId;
        check.Require("patientId", patientId is not null, "Is required.");
        check.Done();

        var action = request.Hold ? AppointmentAction.Hold : AppointmentAction.Book;
        return changes.RunAsync(
            action,
            caller,
            key,
            StatusCodes.Status201Created,
            CalendarQuestion.ForBooking(request.DoctorId, patientId!.Value, request.Start),
            calendar =>
            {
                var now = clock.GetStorableNow();
                calendar.RefuseAbsurd(request.Start);
                var treatment = calendar.RequireOffered(request.TreatmentId, request.Modality);
                if (request.Hold && caller.Role == AccountRole.Patient && calendar.ActiveHoldsOfPatient >= Lifecycle.MaxHoldsOfPatient)
                {
                    throw AppointmentProblems.TooManyHolds();
                }

                var visit = new Interval(request.Start.ToUniversalTime(), request.Start.ToUniversalTime() + treatment.Duration);
                calendar.RequireFree(visit, request.Modality);
                var appointment = new Appointment
                {
                    Id = Guid.CreateVersion7(now),
                    DoctorId = request.DoctorId,
                    PatientId = patientId.Value,
                    TreatmentId = treatment.Id,
                    StartsAt = visit.Start,
                    EndsAt = visit.End,
                    Modality = request.Modality,
                    Status = request.Hold ? AppointmentStatus.Held : AppointmentStatus.Scheduled,
                    HoldExpiresAt = request.Hold ? now + Lifecycle.HoldLife : null,
                    Reason = reason,
                    CreatedAt = now,
                };
                return new AppointmentChange(
                    appointment,
                    action,
                    FromStatus: null,
                    new { start = visit.Start.InZone(calendar.Zone), end = visit.End.InZone(calendar.Zone), modality = request.Modality })
                {
                    LapsedHolds = calendar.LapsedHoldsIn(visit),
                };
            },
            cancellationToken);
    }

    /// <summary>
    /// Makes a hold a booking: a compare-and-swap of its state under the locks that every booking takes (R7). Its time is the
    /// visit's already, so neither rules nor other visits are asked again.
    /// </summary>
    /// <exception cref="ClinicProblem">404, 409 <c>invalid_transition</c>, also for a hold that has lapsed, or 412.</exception>
    public Task<AppointmentAnswer> ConfirmAsync(
        Guid id, IfMatch ifMatch, Caller caller, IdempotencyKey? key, CancellationToken cancellationToken) =>
        changes.RunAsync(
            AppointmentAction.Confirm,
            caller,
            key,
            StatusCodes.Status200OK,
            CalendarQuestion.ForVisit(id),
            calendar =>
            {
                var appointment = calendar.RequireVisit(ifMatch, AppointmentAction.Confirm);
                // The time counts at which the locks were had: who waited for them may have waited too long.
                if (Lifecycle.HasLapsed(appointment.HoldExpiresAt, clock.GetUtcNow()))
                {
                    throw AppointmentProblems.HoldLapsed(appointment.HoldExpiresAt!.Value, calendar.Zone);
                }

                appointment.Status = AppointmentStatus.Scheduled;
                appointment.HoldExpiresAt = null;
                return new AppointmentChange(appointment, AppointmentAction.Confirm, AppointmentStatus.Held, Details: null);
            },
            cancellationToken);
}
