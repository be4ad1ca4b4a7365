using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Calendars;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Slots;

/// <summary>Calendars for reading, without a lock. Booking never comes here (R4).</summary>
internal sealed class CalendarSource(IDbContextFactory<ClinicDbContext> databases, CalendarReader reader)
{
    /// <summary>The calendars of those doctors that exist, in one round trip.</summary>
    public Task<IReadOnlyDictionary<Guid, DoctorCalendar>> LoadAsync(Guid[] doctorIds, Interval range, CancellationToken cancellationToken) =>
        databases.OnConnectionAsync((connection, _, ct) => reader.LoadAsync(connection, doctorIds, range, ct), cancellationToken);
}
