using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Calendars;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clinic.Api.Slots;

/// <summary>Calendars for reading, without a lock. Booking never comes here (R4).</summary>
internal sealed class CalendarSource(IDbContextFactory<ClinicDbContext> databases)
{
    /// <summary>The calendars of those doctors that exist, in one round trip.</summary>
    public async Task<IReadOnlyDictionary<Guid, DoctorCalendar>> LoadAsync(Guid[] doctorIds, Interval range, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(
            async ct =>
            {
                await db.Database.OpenConnectionAsync(ct);
                try
                {
                    var connection = (NpgsqlConnection)db.Database.GetDbConnection();
                    return await CalendarReader.LoadAsync(connection, doctorIds, range, forUpdate: false, ct);
                }
                finally
                {
                    await db.Database.CloseConnectionAsync();
                }
            },
            cancellationToken);
    }
}
