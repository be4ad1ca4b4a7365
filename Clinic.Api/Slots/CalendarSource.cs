using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Calendars;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clinic.Api.Slots;

/// <summary>Calendars for reading: from Redis where it has them, else from Postgres. Booking never comes here (R4).</summary>
internal sealed class CalendarSource(SlotCache cache, IDbContextFactory<ClinicDbContext> databases)
{
    /// <summary>The calendar of one doctor with at least the visits of <paramref name="range"/>, or null if there is no such doctor.</summary>
    public async Task<DoctorCalendar?> GetAsync(Guid doctorId, Interval range, CancellationToken cancellationToken)
    {
        var days = UtcDays.Covering(range);
        // The version is read before the database is: what a write meanwhile outdates is kept under a version nobody asks for.
        var (version, cached) = await cache.ReadAsync(doctorId, days);
        if (cached is not null)
        {
            return cached;
        }

        var loaded = (await LoadAsync([doctorId], days.Range, cancellationToken)).GetValueOrDefault(doctorId);
        if (loaded is not null && version is not null)
        {
            await cache.WriteAsync(loaded, version, days);
        }

        return loaded;
    }

    /// <summary>Straight from Postgres, in one round trip.</summary>
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
