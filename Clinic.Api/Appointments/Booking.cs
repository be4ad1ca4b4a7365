using Clinic.Api.Idempotency;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Appointments;

namespace Clinic.Api.Appointments;

/// <summary>Books visits.</summary>
internal sealed class Booking(AppointmentChanges changes, DoctorLockMetrics locks, TimeProvider clock)
{
    /// <exception cref="ClinicProblem">404, 409 <c>slot_taken</c> or <c>patient_busy</c>, 422 with the rule that refuses.</exception>
    public Task<AppointmentAnswer> BookAsync(BookAppointment request, Caller caller, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var reason = check.Text("reason", request.Reason, 500, lineBreaks: true);
        check.Require("hold", !request.Hold, "Holds are not offered yet; book the time instead.");
        check.Done();

        return changes.RunAsync(
            AppointmentAction.Book,
            caller,
            key,
            StatusCodes.Status201Created,
            async (db, ct) =>
            {
                var now = clock.GetStorableNow();
                var calendar = await LockedCalendar.LoadAsync(db, locks, request.DoctorId, request.PatientId, request.Start, now, ct);
                var treatment = calendar.RequireOffered(request.TreatmentId, request.Modality);
                var visit = new Interval(request.Start.ToUniversalTime(), request.Start.ToUniversalTime() + treatment.Duration);
                calendar.RequireFree(visit, request.Modality);

                var appointment = db.Appointments.Add(new Appointment
                {
                    Id = Guid.CreateVersion7(now),
                    DoctorId = request.DoctorId,
                    PatientId = request.PatientId,
                    TreatmentId = treatment.Id,
                    StartsAt = visit.Start,
                    EndsAt = visit.End,
                    Modality = request.Modality,
                    Status = AppointmentStatus.Scheduled,
                    Reason = reason,
                    CreatedAt = now,
                }).Entity;
                return new AppointmentChange(
                    appointment,
                    calendar.Zone,
                    AppointmentAction.Book,
                    FromStatus: null,
                    new { start = visit.Start.InZone(calendar.Zone), end = visit.End.InZone(calendar.Zone), modality = request.Modality });
            },
            cancellationToken);
    }
}
