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

    // One command, and so one snapshot. One row a doctor, whose visits are arrays: that spares the client a row for each visit;
    // Postgres takes about as long either way.
    // The lower bound on starts_at is for the index: no visit is longer.
    private static readonly string OfSeveral = Sql("= ANY($1)");

    // Of one doctor Postgres knows that it is one, and plans for that.
    private static readonly string OfOne = Sql("= $1");

    private static string Sql(string doctors) =>
        $"""
        SELECT d.id, d.setup_version, v.starts, v.ends, v.lapses
        FROM clinic.doctors d LEFT JOIN (
            SELECT doctor_id, array_agg(starts_at) AS starts, array_agg(ends_at) AS ends, array_agg(hold_expires_at) AS lapses
            FROM clinic.appointments
            WHERE doctor_id {doctors} AND starts_at < $3 AND ends_at > $2
              AND starts_at > $2 - interval '{Treatment.MaxDurationMinutes} minutes'
              AND status NOT IN ('cancelled', 'no_show')
            GROUP BY doctor_id) v ON v.doctor_id = d.id
        WHERE d.id {doctors}
        """;

    /// <summary>The calendars of those doctors that exist, each with the visits that overlap <paramref name="range"/>.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="doctorIds">Doctors, each once.</param>
    /// <param name="range">The instants for which visits are wanted.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    public async Task<IReadOnlyDictionary<Guid, DoctorCalendar>> LoadAsync(
        NpgsqlConnection connection, Guid[] doctorIds, Interval range, CancellationToken cancellationToken)
    {
        var versions = new List<KeyValuePair<Guid, Guid>>(doctorIds.Length);
        var visits = new Dictionary<Guid, BusyInterval[]>(doctorIds.Length);
        await using (var command = new NpgsqlCommand(doctorIds is [_] ? OfOne : OfSeveral, connection)
        {
            Parameters =
            {
                doctorIds is [var one] ? new NpgsqlParameter<Guid> { TypedValue = one } : new NpgsqlParameter<Guid[]> { TypedValue = doctorIds },
                new NpgsqlParameter<DateTime> { TypedValue = range.Start.UtcDateTime },
                new NpgsqlParameter<DateTime> { TypedValue = range.End.UtcDateTime },
            },
        })
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                versions.Add(new(reader.GetGuid(0), reader.GetGuid(1)));
                visits.Add(reader.GetGuid(0), ReadBusyArrays(reader, firstColumn: 2));
            }
        }

        var current = await setups.OfAsync(connection, versions, cancellationToken);
        return current.ToDictionary(s => s.Key, s => new DoctorCalendar(s.Value, visits[s.Key]));
    }

    /// <summary>Reads <c>starts_at, ends_at, hold_expires_at</c> as arrays; null stands for empty ones.</summary>
    public static BusyInterval[] ReadBusyArrays(NpgsqlDataReader row, int firstColumn)
    {
        if (row.IsDBNull(firstColumn))
        {
            return [];
        }

        var (starts, ends) = (row.GetFieldValue<DateTime[]>(firstColumn), row.GetFieldValue<DateTime[]>(firstColumn + 1));
        var lapses = row.GetFieldValue<DateTime?[]>(firstColumn + 2);
        var visits = new BusyInterval[starts.Length];
        for (var i = 0; i < visits.Length; i++)
        {
            visits[i] = new BusyInterval(
                new Interval(new(starts[i], TimeSpan.Zero), new(ends[i], TimeSpan.Zero)), lapses[i] is { } lapse ? new(lapse, TimeSpan.Zero) : null);
        }

        return visits;
    }
}
