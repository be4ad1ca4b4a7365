using Clinic.Core.Scheduling;
using Clinic.Data.Doctors;
using Npgsql;

namespace Clinic.Data.Calendars;

/// <summary>
/// Loads what free times are computed from, for any number of doctors in one command, without a lock. How many commands
/// that takes depends neither on the doctors nor on the days (R2): <see cref="CommandCount"/>, and one more where a setup
/// has changed since it was last read.
/// </summary>
public sealed class CalendarReader(DoctorSetups setups)
{
    /// <summary>SQL commands of a load.</summary>
    public const int CommandCount = 1;

    // One command, and so one snapshot. The lower bound on starts_at is for the index: no visit is longer.
    private static readonly string Sql =
        $"""
        SELECT wanted.place, d.setup_version, v.visits
        FROM clinic.doctors d
        JOIN unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY wanted (doctor_id, range_start, range_end, place) ON wanted.doctor_id = d.id
        CROSS JOIN LATERAL (
            SELECT {PackedVisits.Sql} AS visits
            FROM clinic.appointments
            WHERE doctor_id = wanted.doctor_id AND starts_at < range_end AND ends_at > range_start
              AND starts_at > range_start - interval '{Treatment.MaxDurationMinutes} minutes'
              AND status NOT IN ('cancelled', 'no_show')) v
        """;

    /// <summary>The calendars, each where it was wanted; null for a doctor who does not exist.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="wanted">Doctors, and the instants for which visits are wanted.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    public async Task<IReadOnlyList<DoctorCalendar?>> LoadAsync(
        NpgsqlConnection connection, IReadOnlyList<WantedCalendar> wanted, CancellationToken cancellationToken)
    {
        var visits = new BusyInterval[]?[wanted.Count];
        var versions = new Dictionary<Guid, Guid>(wanted.Count);
        await using (var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid[]> { TypedValue = [.. wanted.Select(w => w.DoctorId)] },
                new NpgsqlParameter<DateTime[]> { TypedValue = [.. wanted.Select(w => w.Range.Start.UtcDateTime)] },
                new NpgsqlParameter<DateTime[]> { TypedValue = [.. wanted.Select(w => w.Range.End.UtcDateTime)] },
            },
        })
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var place = (int)reader.GetInt64(0) - 1;
                versions[wanted[place].DoctorId] = reader.GetGuid(1);
                visits[place] = reader.IsDBNull(2) ? [] : PackedVisits.Read(reader.GetFieldValue<byte[]>(2));
            }
        }

        var current = await setups.OfAsync(connection, versions, cancellationToken);
        return [.. wanted.Select((w, place) => visits[place] is { } busy && current.TryGetValue(w.DoctorId, out var setup) ? new DoctorCalendar(setup, busy) : null)];
    }
}

/// <summary>A doctor, and the instants for which their visits are wanted.</summary>
public readonly record struct WantedCalendar(Guid DoctorId, Interval Range);
