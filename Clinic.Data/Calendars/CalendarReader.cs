using Clinic.Core.Scheduling;
using Clinic.Data.Doctors;
using Npgsql;

namespace Clinic.Data.Calendars;

/// <summary>
/// Loads what free times are computed from, for any number of doctors in one round trip. How many commands that takes
/// depends neither on the doctors nor on the days (R2): <see cref="CommandCount"/>.
/// </summary>
public static class CalendarReader
{
    /// <summary>SQL commands of one load.</summary>
    public const int CommandCount = 5;

    /// <summary>The calendars of those doctors that exist, each with the visits that overlap <paramref name="range"/>.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="doctorIds">Doctors, each once.</param>
    /// <param name="range">The instants for which visits are wanted.</param>
    /// <param name="forUpdate">Locks the doctors' rows until the transaction ends; give one doctor only, or deadlocks follow.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    public static async Task<IReadOnlyDictionary<Guid, DoctorCalendar>> LoadAsync(
        NpgsqlConnection connection, Guid[] doctorIds, Interval range, bool forUpdate, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Append(batch, doctorIds, range, forUpdate);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    /// <summary>Adds the load to a batch that asks for more; <see cref="ReadAsync"/> takes its results off.</summary>
    public static void Append(NpgsqlBatch batch, Guid[] doctorIds, Interval range, bool forUpdate)
    {
        // The lock comes first: under READ COMMITTED each later command sees what the lock's last holder committed.
        batch.BatchCommands.Add(Command(
            $"""
            SELECT id, full_name, time_zone, slot_minutes, buffer_minutes, min_notice_minutes, horizon_days, change_notice_minutes
            FROM clinic.doctors WHERE id = ANY($1){(forUpdate ? " FOR NO KEY UPDATE" : "")}
            """));
        batch.BatchCommands.Add(Command(
            """
            SELECT doctor_id, id, name, price, currency, duration_minutes, in_person, online
            FROM clinic.treatments WHERE doctor_id = ANY($1) AND removed_at IS NULL ORDER BY name
            """));
        batch.BatchCommands.Add(Command(
            """
            SELECT doctor_id, day_of_week, starts_at, ends_at, modality
            FROM clinic.weekly_windows WHERE doctor_id = ANY($1) ORDER BY day_of_week, starts_at
            """));

        // Wall times have no zone, so the range is widened by more than any offset.
        var exceptions = Command(
            """
            SELECT doctor_id, starts_at, ends_at, kind, modality, reason
            FROM clinic.schedule_exceptions WHERE doctor_id = ANY($1) AND starts_at < $3 AND ends_at > $2 ORDER BY starts_at
            """);
        exceptions.Parameters.Add(new() { Value = DateTime.SpecifyKind(range.Start.UtcDateTime.AddDays(-2), DateTimeKind.Unspecified) });
        exceptions.Parameters.Add(new() { Value = DateTime.SpecifyKind(range.End.UtcDateTime.AddDays(2), DateTimeKind.Unspecified) });
        batch.BatchCommands.Add(exceptions);

        // The lower bound on starts_at is for the index: no visit is longer.
        var busy = Command(
            $"""
            SELECT doctor_id, id, starts_at, ends_at, hold_expires_at
            FROM clinic.appointments
            WHERE doctor_id = ANY($1) AND starts_at < $3 AND ends_at > $2
              AND starts_at > $2 - interval '{Treatment.MaxDurationMinutes} minutes'
              AND status NOT IN ('cancelled', 'no_show')
            ORDER BY starts_at
            """);
        busy.Parameters.Add(new() { Value = range.Start.UtcDateTime });
        busy.Parameters.Add(new() { Value = range.End.UtcDateTime });
        batch.BatchCommands.Add(busy);

        NpgsqlBatchCommand Command(string sql) => new(sql) { Parameters = { new() { Value = doctorIds } } };
    }

    /// <summary>Reads the results that <see cref="Append"/> asked for; afterwards the reader stands on the last of them.</summary>
    public static async Task<IReadOnlyDictionary<Guid, DoctorCalendar>> ReadAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var doctors = new Dictionary<Guid, CalendarParts>();
        while (await reader.ReadAsync(cancellationToken))
        {
            doctors.Add(reader.GetGuid(0), new CalendarParts(
                reader.GetString(1),
                reader.GetString(2),
                new BookingRules(reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7))));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Doctor()?.Treatments.Add(new OfferedTreatment(
                reader.GetGuid(1),
                reader.GetString(2),
                reader.GetDecimal(3),
                reader.GetString(4),
                reader.GetInt32(5),
                Treatment.ModalitiesOf(reader.GetBoolean(6), reader.GetBoolean(7))));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Doctor()?.Weekly.Add(new WeeklyHours(
                (DayOfWeek)reader.GetInt16(1),
                reader.GetFieldValue<TimeOnly>(2),
                reader.GetFieldValue<TimeOnly>(3),
                reader.GetFieldValue<WindowModality>(4)));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Doctor()?.Exceptions.Add(new ScheduleException(
                reader.GetDateTime(1),
                reader.GetDateTime(2),
                reader.GetFieldValue<ExceptionKind>(3),
                reader.GetFieldValue<WindowModality>(4),
                reader.IsDBNull(5) ? null : reader.GetString(5)));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Doctor()?.Visits.Add(ReadVisit(reader, firstColumn: 1));
        }

        return doctors.ToDictionary(d => d.Key, d => d.Value.Assemble(d.Key));

        // Each command has its own snapshot: rows of a doctor who was added in between have no place yet.
        CalendarParts? Doctor() => doctors.GetValueOrDefault(reader.GetGuid(0));
    }

    /// <summary>Reads <c>id, starts_at, ends_at, hold_expires_at</c>.</summary>
    public static CalendarVisit ReadVisit(NpgsqlDataReader row, int firstColumn) => new(
        row.GetGuid(firstColumn),
        new BusyInterval(
            new Interval(Utc(row.GetDateTime(firstColumn + 1)), Utc(row.GetDateTime(firstColumn + 2))),
            row.IsDBNull(firstColumn + 3) ? null : Utc(row.GetDateTime(firstColumn + 3))));

    private static DateTimeOffset Utc(DateTime value) => new(value, TimeSpan.Zero);

    private sealed record CalendarParts(string FullName, string TimeZone, BookingRules Rules)
    {
        public List<OfferedTreatment> Treatments { get; } = [];

        public List<WeeklyHours> Weekly { get; } = [];

        public List<ScheduleException> Exceptions { get; } = [];

        public List<CalendarVisit> Visits { get; } = [];

        public DoctorCalendar Assemble(Guid id) =>
            new(id, FullName, new Availability(TimeZones.Find(TimeZone), Rules, Weekly, Exceptions), Treatments, Visits);
    }
}
