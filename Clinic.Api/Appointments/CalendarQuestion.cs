using Clinic.Api.Idempotency;
using Clinic.Core.Scheduling;
using Clinic.Data.Appointments;
using Clinic.Data.Calendars;
using Clinic.Data.Doctors;
using Clinic.Data.Idempotency;
using Npgsql;
using NpgsqlTypes;

namespace Clinic.Api.Appointments;

/// <summary>
/// What a change locks and reads, as two commands of one batch: one that takes the Idempotency-Key and locks the doctor, then
/// the patient, then the visit, always in that order, and one that reads what stands under the key and what takes up their time.
/// Under READ COMMITTED each command sees what was committed before it began, so what is read after the locks is read as it
/// will stay until the transaction ends.
/// </summary>
/// <remarks>
/// Parameters are $1 the key's lock, $2 its caller, $3 the key, then those of the question. Two commands and two rows, the visits
/// packed, so that the client has little to send and to read, and Postgres little to begin and to end.
/// </remarks>
internal sealed class CalendarQuestion
{
    /// <summary>How long before it a visit may begin that still matters to one that starts there, or after it: the longest visit and the largest buffer.</summary>
    private static readonly string Reach = $"interval '{Treatment.MaxDurationMinutes + Doctor.MaxBufferMinutes} minutes'";

    private static readonly string Buffer = $"interval '{Doctor.MaxBufferMinutes} minutes'";

    /// <summary>$4 doctor, $5 patient, $6 start.</summary>
    private static readonly string[] OfNewVisit =
    [
        Locks(own: "SELECT $4::uuid AS doctor_id, $5::uuid AS patient_id", visit: null),
        $"""
        SELECT {IdempotencyStore.Columns}, {Times}
        FROM (SELECT $4::uuid AS doctor_id, $5::uuid AS patient_id, $6::timestamptz AS starts_at) own
        {TimesOf}
        {Stored}
        """,
    ];

    /// <summary>$4 visit, $5 start, or null for its own. Its doctor and its patient never change, so they need no lock to be known.</summary>
    private static readonly string[] OfVisit =
    [
        Locks(own: "SELECT doctor_id, patient_id FROM clinic.appointments WHERE id = $4", visit: "$4"),
        $"""
        SELECT {IdempotencyStore.Columns}, {Times}, {AppointmentRow.Columns}
        FROM clinic.appointments a
        CROSS JOIN LATERAL (SELECT a.doctor_id, a.patient_id, coalesce($5::timestamptz, a.starts_at) AS starts_at) own
        {TimesOf}
        {Stored}
        WHERE a.id = $4
        """,
    ];

    /// <summary>$4 visit. For changes that take no time of anybody: only the visit is locked.</summary>
    private static readonly string[] OfVisitAlone =
    [
        $"""
        WITH key AS MATERIALIZED (SELECT {IdempotencyStore.Take("$1")} AS is_ours),
        visit AS MATERIALIZED (
            SELECT doctor_id FROM clinic.appointments WHERE id = $4 AND (SELECT is_ours FROM key) FOR NO KEY UPDATE)
        SELECT (SELECT is_ours FROM key), (SELECT d.setup_version FROM clinic.doctors d WHERE d.id = (SELECT doctor_id FROM visit)), true, pg_current_xact_id()
        """,
        $"SELECT {IdempotencyStore.Columns}, NULL, NULL, NULL, NULL, {AppointmentRow.Columns} FROM clinic.appointments a {Stored} WHERE a.id = $4",
    ];

    private const string Stored = "LEFT JOIN clinic.idempotency_keys k ON k.caller = $2 AND k.key = $3";

    private const int TimesColumns = 2;

    private const string Times = "d.ids, d.times, p.ids, p.times";

    private const string TimesInOneRow = $"SELECT array_agg(id) AS ids, {PackedVisits.Sql} AS times";

    // The lower bound on starts_at is for the index.
    private static string Near =>
        $"v.starts_at < own.starts_at + {Reach} AND v.ends_at > own.starts_at - {Buffer} AND v.starts_at > own.starts_at - {Reach}";

    /// <summary>What is near of the doctor's and of the patient's time. A patient's held visit counts wherever it is: holds are limited in number.</summary>
    private static string TimesOf =>
        $"""
        CROSS JOIN LATERAL (
            {TimesInOneRow} FROM clinic.appointments v
            WHERE v.doctor_id = own.doctor_id AND {Near} AND v.status NOT IN ('cancelled', 'no_show')) d
        CROSS JOIN LATERAL (
            {TimesInOneRow} FROM (
                SELECT * FROM clinic.appointments v
                WHERE v.patient_id = own.patient_id AND {Near} AND v.status NOT IN ('held', 'cancelled', 'no_show')
                UNION ALL
                SELECT * FROM clinic.appointments v WHERE v.patient_id = own.patient_id AND v.status = 'held') v) p
        """;

    private readonly string[] _commands;
    private readonly object?[] _parameters;

    private CalendarQuestion(string[] commands, params object?[] parameters) => (_commands, _parameters) = (commands, parameters);

    /// <summary>Whether the doctor's lock is taken, for which others may have to be waited.</summary>
    public bool LocksDoctor => _commands != OfVisitAlone;

    /// <summary>For a visit that is to be made.</summary>
    public static CalendarQuestion ForBooking(Guid doctorId, Guid patientId, DateTimeOffset start) =>
        new(OfNewVisit, doctorId, patientId, start.UtcDateTime) { DoctorId = doctorId, PatientId = patientId };

    /// <summary>For a visit that is to take up time anew: at another start, or at its own.</summary>
    public static CalendarQuestion ForVisit(Guid id, DateTimeOffset? start = null) => new(OfVisit, id, start?.UtcDateTime) { VisitId = id };

    /// <summary>For a change that takes no time: only the visit is locked.</summary>
    public static CalendarQuestion ForVisitAlone(Guid id) => new(OfVisitAlone, id) { VisitId = id };

    /// <summary>The visit that is asked about; null for one that is to be made.</summary>
    public Guid? VisitId { get; private init; }

    /// <summary>Of a visit that is to be made.</summary>
    public Guid? DoctorId { get; private init; }

    /// <summary>Of a visit that is to be made.</summary>
    public Guid? PatientId { get; private init; }

    public void Append(NpgsqlBatch batch, IdempotencyKey? key)
    {
        foreach (var sql in _commands)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.Add(Parameter(key is null ? null : IdempotencyStore.LockOf(key.Caller.Name, key.Key), NpgsqlDbType.Bigint));
            command.Parameters.Add(Parameter(key?.Caller.Name, NpgsqlDbType.Text));
            command.Parameters.Add(Parameter(key?.Key, NpgsqlDbType.Text));
            foreach (var parameter in _parameters)
            {
                command.Parameters.Add(Parameter(parameter, NpgsqlDbType.TimestampTz));
            }

            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>Reads what <see cref="Append"/> asked for.</summary>
    public async Task<CalendarRows> ReadAsync(NpgsqlDataReader reader, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        var locked = new CalendarRows
        {
            IsKeyOurs = reader.GetBoolean(0),
            SetupVersion = reader.IsDBNull(1) ? null : reader.GetGuid(1),
            PatientExists = reader.GetBoolean(2),
            TransactionId = reader.GetFieldValue<ulong>(3),
        };
        await reader.NextResultAsync(cancellationToken);
        const int afterKey = IdempotencyStore.ColumnCount;
        return await reader.ReadAsync(cancellationToken)
            ? locked with
            {
                Stored = key is null ? null : IdempotencyStore.Read(reader, key, firstColumn: 0),
                OfDoctor = ReadTimes(reader, afterKey),
                OfPatient = ReadTimes(reader, afterKey + TimesColumns),
                Visit = VisitId is null ? null : AppointmentRow.Read(reader, afterKey + (2 * TimesColumns)),
            }
            : locked;
    }

    /// <summary>
    /// One row: whether the key is ours; the doctor's version, or null where there is none; whether there is the patient. What
    /// does not exist locks nothing, and keeps what comes after it from being locked; so does a key that is not ours.
    /// </summary>
    private static string Locks(string own, string? visit) =>
        $"""
        WITH own AS ({own}),
        key AS MATERIALIZED (SELECT {IdempotencyStore.Take("$1")} AS is_ours),
        doctor AS MATERIALIZED (
            SELECT setup_version FROM clinic.doctors
            WHERE id = (SELECT doctor_id FROM own) AND (SELECT is_ours FROM key) FOR NO KEY UPDATE),
        patient AS MATERIALIZED (
            SELECT 1 FROM clinic.patients WHERE id = (SELECT patient_id FROM own) AND EXISTS (SELECT FROM doctor) FOR NO KEY UPDATE),
        visit AS MATERIALIZED (
            SELECT 1 FROM clinic.appointments WHERE id = {visit ?? "NULL"} AND EXISTS (SELECT FROM patient) FOR NO KEY UPDATE)
        SELECT (SELECT is_ours FROM key), (SELECT setup_version FROM doctor), EXISTS (SELECT FROM patient), pg_current_xact_id(), EXISTS (SELECT FROM visit)
        """;

    private static IReadOnlyList<CalendarVisit> ReadTimes(NpgsqlDataReader row, int firstColumn)
    {
        // Nothing is null.
        if (row.IsDBNull(firstColumn))
        {
            return [];
        }

        var ids = row.GetFieldValue<Guid[]>(firstColumn);
        var times = PackedVisits.Read(row.GetFieldValue<byte[]>(firstColumn + 1));
        var visits = new CalendarVisit[ids.Length];
        for (var i = 0; i < visits.Length; i++)
        {
            visits[i] = new CalendarVisit(ids[i], times[i]);
        }

        return visits;
    }

    /// <param name="value">The value.</param>
    /// <param name="type">What it would be, where it is null.</param>
    private static NpgsqlParameter Parameter(object? value, NpgsqlDbType type) => value switch
    {
        Guid id => new NpgsqlParameter<Guid> { TypedValue = id },
        DateTime instant => new NpgsqlParameter<DateTime> { TypedValue = instant },
        long number => new NpgsqlParameter<long> { TypedValue = number },
        string text => new NpgsqlParameter<string> { TypedValue = text },
        _ => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = type },
    };
}

/// <summary>The answers, as they are in Postgres.</summary>
internal sealed record CalendarRows
{
    /// <summary>Whether the request's key is free for it, or it has none.</summary>
    public bool IsKeyOurs { get; init; }

    /// <summary>What stands under the key.</summary>
    public IdempotentResponse? Stored { get; init; }

    /// <summary>Null where there is no such doctor.</summary>
    public Guid? SetupVersion { get; init; }

    public ulong TransactionId { get; init; }

    /// <summary>What a row that this transaction writes will have as its version: Postgres's <c>xmin</c> is the lower half of the writer's id.</summary>
    public uint NextVersion => unchecked((uint)TransactionId);

    public IReadOnlyList<CalendarVisit> OfDoctor { get; init; } = [];

    public bool PatientExists { get; init; }

    public IReadOnlyList<CalendarVisit> OfPatient { get; init; } = [];

    /// <summary>Null where there is no such visit, or none was asked about.</summary>
    public Appointment? Visit { get; init; }
}

/// <summary>A visit that takes up somebody's time.</summary>
internal sealed record CalendarVisit(Guid AppointmentId, BusyInterval Busy);
