using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Web.Api;

namespace Clinic.Web.MyAppointments;

/// <summary>A visit with what its pages need to tell about it.</summary>
/// <param name="Appointment">The visit itself.</param>
/// <param name="Doctor">The doctor, as of now.</param>
/// <param name="Treatment">As the doctor offers it now; null where it is no longer offered.</param>
public sealed record Visit(AppointmentDetails Appointment, DoctorDetails Doctor, TreatmentDetails? Treatment)
{
    public TimeZoneInfo DoctorZone => TimeZones.Find(Doctor.TimeZone);

    /// <summary>Whether the patient can still do this to the visit: its state allows it and it has not begun.</summary>
    public bool Allows(AppointmentAction action, DateTimeOffset now) =>
        Lifecycle.After(Appointment.Status, action) is not null && now < Appointment.Start;
}

/// <summary>Finds visits for the pages.</summary>
public sealed class Visits(ClinicApi api)
{
    public async Task<Answer<Visit>> Find(Guid id, CancellationToken cancel)
    {
        var appointment = await api.Appointment(id, cancel);
        if (!appointment.Ok)
        {
            return appointment.Problem;
        }

        var doctor = await api.Doctor(appointment.Value.DoctorId, cancel);
        return doctor.Ok
            ? new Visit(appointment.Value, doctor.Value, doctor.Value.Treatments.FirstOrDefault(t => t.Id == appointment.Value.TreatmentId))
            : doctor.Problem;
    }
}
