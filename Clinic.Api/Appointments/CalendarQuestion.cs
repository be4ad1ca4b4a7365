using Clinic.Core.Scheduling;
using Clinic.Data.Appointments;
using Clinic.Data.Calendars;
using Clinic.Data.Doctors;
using Npgsql;

namespace Clinic.Api.Appointments;

/// <summary>
/// What a change locks and reads, as commands of one batch: one that locks the doctor, then the patient, then the visit,
/// always in that order, and one that reads what takes up their time. Under READ COMMITTED each command sees what was
/// committed before it began, so what is read after the locks is read as it will stay until the transaction ends.
/// </summary>
/// <remarks>Two commands and two rows, the visits packed, so that the client has little to send and to read.</remarks>
internal sealed class CalendarQuestion
{
    private const string TransactionId = "pg_current_xact_id()";

    /// <summary>How long before it a visit may begin that still matters to one that starts there, or after it: the longest visit and the largest buffer.</summary>
    private static readonly string Reach = $"interval '{Treatment.MaxDurationMinutes + Doctor.MaxBufferMinutes} minutes'";

    private static readonly string Buffer = $"interval '{Doctor.MaxBufferMinutes} minutes'";

    /// <summary>$1 doctor, $2 patient, $3 start.</summary>
    private static readonly string[] OfNewVisit =
    [
        Locks(own: "SELECT $1::uuid AS doctor_id, $2::uuid AS patient_id", visit: null),
        $"SELECT {Times} FROM (SELECT $1::uuid AS doctor_id, $2::uuid AS patient_id, $3::timestamptz AS starts_at) own {TimesOf}",
    ];

    /// <summary>$1 visit, $2 start, or null for its own. Its doctor and its patient never change, so they need no lock to be known.</summary>
    private static readonly string[] OfVisit =
    [
        Locks(own: "SELECT doctor_id, patient_id FROM clinic.appointments WHERE id = $1", visit: "$1"),
        $"""
        SELECT {Times}, {AppointmentRow.Columns}
        FROM clinic.appointments a
        CROSS JOIN LATERAL (SELECT a.doctor_id, a.patient_id, coalesce($2::timestamptz, a.starts_at) AS starts_at) own
        {TimesOf}
        WHERE a.id = $1
        """,
    ];

    /// <summary>$1 visit. For changes that take no time of anybody.</summary>
    private static readonly string[] OfVisitAlone =
    [
        $"""
        SELECT {AppointmentRow.Columns}, d.setup_version, {TransactionId} FROM clinic.appointments a JOIN clinic.doctors d ON d.id = a.doctor_id
        WHERE a.id = $1 FOR NO KEY UPDATE OF a
        """,
    ];

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

    public void Append(NpgsqlBatch batch)
    {
        foreach (var sql in _commands)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var parameter in _parameters)
            {
                command.Parameters.Add(Parameter(parameter));
            }

            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>Reads what <see cref="Append"/> asked for; the reader stands on the first of its results.</summary>
    public async Task<CalendarRows> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (!LocksDoctor)
        {
            return await reader.ReadAsync(cancellationToken)
                ? new CalendarRows
                {
                    Visit = AppointmentRow.Read(reader),
                    SetupVersion = reader.GetGuid(AppointmentRow.ColumnCount),
                    TransactionId = reader.GetFieldValue<ulong>(AppointmentRow.ColumnCount + 1),
                    PatientExists = true,
                }
                : new CalendarRows();
        }

        await reader.ReadAsync(cancellationToken);
        var locked = new CalendarRows
        {
            SetupVersion = reader.IsDBNull(0) ? null : reader.GetGuid(0),
            PatientExists = reader.GetBoolean(1),
            TransactionId = reader.GetFieldValue<ulong>(2),
        };
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? locked with
            {
                OfDoctor = ReadTimes(reader, firstColumn: 0),
                OfPatient = ReadTimes(reader, firstColumn: TimesColumns),
                Visit = VisitId is null ? null : AppointmentRow.Read(reader, firstColumn: 2 * TimesColumns),
            }
            : locked;
    }

    /// <summary>
    /// One row: the doctor's version, or null where there is none; whether there is the patient. What does not exist locks
    /// nothing, and keeps what comes after it from being locked.
    /// </summary>
    private static string Locks(string own, string? visit) =>
        $"""
        WITH own AS ({own}),
        doctor AS MATERIALIZED (
            SELECT setup_version FROM clinic.doctors WHERE id = (SELECT doctor_id FROM own) FOR NO KEY UPDATE),
        patient AS MATERIALIZED (
            SELECT 1 FROM clinic.patients WHERE id = (SELECT patient_id FROM own) AND EXISTS (SELECT FROM doctor) FOR NO KEY UPDATE),
        visit AS MATERIALIZED (
            SELECT 1 FROM clinic.appointments WHERE id = {visit ?? "NULL"} AND EXISTS (SELECT FROM patient) FOR NO KEY UPDATE)
        SELECT (SELECT setup_version FROM doctor), EXISTS (SELECT FROM patient), {TransactionId}, EXISTS (SELECT FROM visit)
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

    private static NpgsqlParameter Parameter(object? value) => value switch
    {
        Guid id => new NpgsqlParameter<Guid> { TypedValue = id },
        DateTime instant => new NpgsqlParameter<DateTime> { TypedValue = instant },
        _ => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz },
    };
}

/// <summary>The answers, as they are in Postgres.</summary>
internal sealed record CalendarRows
{
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
