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

    /// <summary>How long before the start a patient may move or cancel at the latest.</summary>
    private TimeSpan Notice => TimeSpan.FromMinutes(Doctor.ChangeNoticeMinutes);

    /// <summary>Whether the patient can still do this to the visit: its state allows it and the doctor's notice is kept.</summary>
    public bool Allows(AppointmentAction action, DateTimeOffset now) =>
        Lifecycle.After(Appointment.Status, action) is not null
        && !ChangeNotice.IsTooLate(Appointment.Status, Appointment.Start, Notice, now);

    /// <summary>Until when the visit could be changed, where that has passed and the visit is still to come; else null.</summary>
    public DateTimeOffset? ClosedSince(DateTimeOffset now) =>
        Appointment.Status == AppointmentStatus.Scheduled && now < Appointment.Start && !Allows(AppointmentAction.Move, now)
            ? ChangeNotice.Until(Appointment.Start, Notice)
            : null;
}

/// <summary>A part of a patient's visits, as one page shows it.</summary>
/// <param name="Visits">In the order in which they are shown.</param>
/// <param name="Page">Which part, from 1.</param>
/// <param name="Pages">How many parts there are.</param>
/// <param name="Total">How many visits there are.</param>
public sealed record VisitPageful(IReadOnlyList<Visit> Visits, int Page, int Pages, long Total);

/// <summary>Finds visits for the pages.</summary>
public sealed class Visits(ClinicApi api)
{
    private const int PageSize = 20;

    /// <summary>A patient's visits that have not begun, the next one first.</summary>
    public async Task<Answer<VisitPageful>> Upcoming(Guid patientId, DateTimeOffset now, int page, CancellationToken cancel)
    {
        var found = await api.Appointments(patientId, now, null, page, PageSize, cancel);
        return found.Ok ? await Show(found.Value.Items, page, found.Value.Total, cancel) : found.Problem;
    }

    /// <summary>A patient's visits that have begun, the latest first.</summary>
    public async Task<Answer<VisitPageful>> Past(Guid patientId, DateTimeOffset now, int page, CancellationToken cancel)
    {
        // The API lists by start, so its last page is our first.
        var found = await api.Appointments(patientId, null, now, 1, PageSize, cancel);
        if (!found.Ok)
        {
            return found.Problem;
        }

        var pages = PagesOf(found.Value.Total);
        page = Math.Clamp(page, 1, Math.Max(1, pages));
        if (page < pages)
        {
            found = await api.Appointments(patientId, null, now, pages - page + 1, PageSize, cancel);
        }

        return found.Ok ? await Show(found.Value.Items.Reverse(), page, found.Value.Total, cancel) : found.Problem;
    }

    public async Task<Answer<Visit>> Find(Guid id, CancellationToken cancel)
    {
        var appointment = await api.Appointment(id, cancel);
        if (!appointment.Ok)
        {
            return appointment.Problem;
        }

        var doctor = await api.Doctor(appointment.Value.DoctorId, cancel);
        return doctor.Ok ? Of(appointment.Value, doctor.Value) : doctor.Problem;
    }

    /// <summary>Each doctor is asked for once.</summary>
    private async Task<Answer<VisitPageful>> Show(IEnumerable<AppointmentDetails> appointments, int page, long total, CancellationToken cancel)
    {
        var shown = appointments.ToList();
        var doctors = await Task.WhenAll(shown.Select(a => a.DoctorId).Distinct().Select(id => api.Doctor(id, cancel)));
        if (doctors.FirstOrDefault(d => !d.Ok) is { } missing)
        {
            return missing.Problem!;
        }

        var byId = doctors.ToDictionary(d => d.Value!.Id, d => d.Value!);
        return new VisitPageful([.. shown.Select(a => Of(a, byId[a.DoctorId]))], page, PagesOf(total), total);
    }

    private static Visit Of(AppointmentDetails appointment, DoctorDetails doctor) =>
        new(appointment, doctor, doctor.Treatments.FirstOrDefault(t => t.Id == appointment.TreatmentId));

    private static int PagesOf(long total) => (int)((total + PageSize - 1) / PageSize);
}
