using System.Text.Json;
using Clinic.Api.Auth;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Accounts;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Appointments;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Appointments;

/// <summary>Which visits are listed; null stands for any.</summary>
internal sealed record AppointmentFilter(
    Guid? DoctorId, Guid? PatientId, AppointmentStatus? Status, string? From, string? To, TimeZoneInfo? Zone);

/// <summary>Reads visits and their history, always from Postgres.</summary>
internal sealed class AppointmentQueries(ClinicDbContext db)
{
    /// <exception cref="ClinicProblem">404.</exception>
    public async Task<AppointmentDetails> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        var found = await WithZone(Of(caller).Where(a => a.Id == id)).SingleOrDefaultAsync(cancellationToken)
            ?? throw ClinicProblem.NotFound("appointment", id);
        return found.Details();
    }

    /// <summary>Visits by start, of those that the caller reaches. A visit counts by its start; <c>from</c> is inclusive, an instant <c>to</c> exclusive, a day <c>to</c> inclusive.</summary>
    /// <exception cref="ClinicProblem">400.</exception>
    public async Task<Page<AppointmentDetails>> ListAsync(Caller caller, AppointmentFilter filter, PageQuery paging, CancellationToken cancellationToken)
    {
        var zone = filter.Zone ?? await ZoneOfAsync(filter.DoctorId, cancellationToken);
        var check = new RequestCheck();
        var from = Bound(check, "from", filter.From, zone, dayOffset: 0);
        var to = Bound(check, "to", filter.To, zone, dayOffset: 1);
        check.Done();

        var visits = Of(caller).Where(a =>
            (filter.DoctorId == null || a.DoctorId == filter.DoctorId)
            && (filter.PatientId == null || a.PatientId == filter.PatientId)
            && (filter.Status == null || a.Status == filter.Status)
            && (from == null || a.StartsAt >= from)
            && (to == null || a.StartsAt < to));
        var page = await paging.FetchAsync(WithZone(visits), cancellationToken);
        return new Page<AppointmentDetails>([.. page.Items.Select(v => v.Details())], page.PageNumber, page.PageSize, page.Total);
    }

    /// <summary>The audit trail of a visit, oldest first.</summary>
    /// <exception cref="ClinicProblem">404.</exception>
    public async Task<ItemList<HistoryEntry>> HistoryAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        if (!await Of(caller).AnyAsync(a => a.Id == id, cancellationToken))
        {
            throw ClinicProblem.NotFound("appointment", id);
        }

        var entries = await db.AuditTrail.AsNoTracking().Where(e => e.AppointmentId == id).OrderBy(e => e.Id).ToListAsync(cancellationToken);
        return new ItemList<HistoryEntry>([.. entries.Select(e => new HistoryEntry(
            e.At,
            e.Actor,
            e.Action,
            e.FromStatus,
            e.ToStatus,
            e.Details is null ? null : JsonSerializer.Deserialize<JsonElement>(e.Details)))]);
    }

    /// <summary>The visits that the caller reaches; the same rule as <see cref="Caller.Reaches"/>, for Postgres.</summary>
    private IQueryable<Appointment> Of(Caller caller) => (caller.Reach, caller.Role) switch
    {
        (Reach.All, _) => db.Appointments,
        (Reach.Own, AccountRole.Patient) => db.Appointments.Where(a => a.PatientId == caller.PatientId),
        (Reach.Own, AccountRole.Doctor) => db.Appointments.Where(a => a.DoctorId == caller.DoctorId),
        _ => db.Appointments.Where(_ => false),
    };

    private IQueryable<VisitWithZone> WithZone(IQueryable<Appointment> visits) =>
        from visit in visits.AsNoTracking()
        join doctor in db.Doctors on visit.DoctorId equals doctor.Id
        orderby visit.StartsAt, visit.Id
        select new VisitWithZone(visit, doctor.TimeZone);

    private async Task<TimeZoneInfo> ZoneOfAsync(Guid? doctorId, CancellationToken cancellationToken)
    {
        var name = doctorId is null ? null : await db.Doctors.Where(d => d.Id == doctorId).Select(d => d.TimeZone).SingleOrDefaultAsync(cancellationToken);
        return name is null ? TimeZoneInfo.Utc : TimeZones.Find(name);
    }

    private static DateTimeOffset? Bound(RequestCheck check, string field, string? text, TimeZoneInfo zone, int dayOffset)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (Instants.TryParse(text, out var instant))
        {
            return instant.ToUniversalTime();
        }

        return check.Date(field, text) is { } day ? zone.FirstInstantAt(day.AddDays(dayOffset).ToDateTime(TimeOnly.MinValue)) : null;
    }

    private sealed record VisitWithZone(Appointment Visit, string TimeZone)
    {
        public AppointmentDetails Details() => AppointmentAnswer.Details(Visit, TimeZones.Find(TimeZone));
    }
}
