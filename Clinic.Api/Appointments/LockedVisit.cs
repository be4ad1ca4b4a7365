using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Appointments;
using Clinic.Data;
using Clinic.Data.Appointments;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Appointments;

/// <summary>A visit under its lock. Where doctor and patient are locked too, they come first.</summary>
internal static class LockedVisit
{
    /// <summary>Whose visit it is. Neither ever changes, so they may be read before anything is locked.</summary>
    /// <exception cref="ClinicProblem">404, also for a visit that the caller has nothing to do with.</exception>
    public static async Task<VisitParties> PartiesAsync(ClinicDbContext db, Guid id, Caller caller, CancellationToken cancellationToken)
    {
        var parties = await db.Appointments.Where(a => a.Id == id)
            .Select(a => new VisitParties(a.DoctorId, a.PatientId, a.StartsAt))
            .SingleOrDefaultAsync(cancellationToken);
        return parties is not null && caller.Reaches(parties.DoctorId, parties.PatientId) ? parties : throw ClinicProblem.NotFound("appointment", id);
    }

    /// <summary>Locks the visit until the transaction ends, and asks whether its version and its state allow the action.</summary>
    /// <exception cref="ClinicProblem">404, also for a visit that the caller has nothing to do with; 409 <c>invalid_transition</c> or 412.</exception>
    public static async Task<Appointment> TakeAsync(
        ClinicDbContext db, Guid id, Caller caller, IfMatch ifMatch, AppointmentAction action, CancellationToken cancellationToken)
    {
        var appointment = await db.Appointments
            .FromSql($"SELECT *, xmin FROM clinic.appointments WHERE id = {id} FOR NO KEY UPDATE").AsNoTracking()
            .SingleOrDefaultAsync(cancellationToken);
        if (appointment is null || !caller.Reaches(appointment.DoctorId, appointment.PatientId))
        {
            throw ClinicProblem.NotFound("appointment", id);
        }

        if (!ifMatch.Allows(appointment.Version))
        {
            throw AppointmentProblems.VersionConflict();
        }

        return Lifecycle.After(appointment.Status, action) is not null
            ? appointment
            : throw AppointmentProblems.InvalidTransition(appointment.Status, action);
    }
}

/// <summary>Doctor and patient of a visit, and the start that it had when it was read.</summary>
internal sealed record VisitParties(Guid DoctorId, Guid PatientId, DateTimeOffset StartsAt);
