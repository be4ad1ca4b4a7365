using Clinic.Core.Scheduling;
using Clinic.Data.Doctors;
using Npgsql;

namespace Clinic.Data.Calendars;

/// <summary>
/// Loads what free times are computed from, for any number of doctors in one round trip, without a lock. How many commands
/// that takes depends neither on the doctors nor on the days (R2): <see cref="CommandCount"/>, and one more where a setup
/// has changed since it was last read.
/// </summary>
public sealed class CalendarReader(DoctorSetups setups)
{
    /// <summary>SQL commands of a load.</summary>
    public const int CommandCount = 2;

    // The lower bound on starts_at is for the index: no visit is longer.
    private static readonly string VisitsSql =
        $"""
        SELECT doctor_id, starts_at, ends_at, hold_expires_at
        FROM clinic.appointments
        WHERE doctor_id = ANY($1) AND starts_at < $3 AND ends_at > $2
          AND starts_at > $2 - interval '{Treatment.MaxDurationMinutes} minutes'
          AND status NOT IN ('cancelled', 'no_show')
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
        var visits = new Dictionary<Guid, List<BusyInterval>>(doctorIds.Length);
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT id, setup_version FROM clinic.doctors WHERE id = ANY($1)")
            {
                Parameters = { new() { Value = doctorIds } },
            });
            batch.BatchCommands.Add(new NpgsqlBatchCommand(VisitsSql)
            {
                Parameters = { new() { Value = doctorIds }, new() { Value = range.Start.UtcDateTime }, new() { Value = range.End.UtcDateTime } },
            });
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                versions.Add(new(reader.GetGuid(0), reader.GetGuid(1)));
                visits.Add(reader.GetGuid(0), []);
            }

            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                // Each command has its own snapshot: a doctor who was added in between has no place yet.
                visits.GetValueOrDefault(reader.GetGuid(0))?.Add(ReadBusy(reader, firstColumn: 1));
            }
        }

        var current = await setups.OfAsync(connection, versions, cancellationToken);
        return current.ToDictionary(s => s.Key, s => new DoctorCalendar(s.Value, visits[s.Key]));
    }

    /// <summary>Reads <c>starts_at, ends_at, hold_expires_at</c>.</summary>
    public static BusyInterval ReadBusy(NpgsqlDataReader row, int firstColumn) => new(
        new Interval(row.ReadInstant(firstColumn), row.ReadInstant(firstColumn + 1)),
        row.IsDBNull(firstColumn + 2) ? null : row.ReadInstant(firstColumn + 2));
}
