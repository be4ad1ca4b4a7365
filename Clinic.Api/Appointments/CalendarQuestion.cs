using Clinic.Core.Scheduling;
using Clinic.Data.Appointments;
using Clinic.Data.Calendars;
using Clinic.Data.Doctors;
using Npgsql;

namespace Clinic.Api.Appointments;

/// <summary>
/// What a change locks and reads, as commands of one batch: the doctor, then the patient, then the visit, always in that
/// order, and what takes up their time. Under READ COMMITTED each command sees what the last holder of a lock before it
/// committed, so everything that is read after a lock is read as it will stay until the transaction ends.
/// </summary>
internal sealed class CalendarQuestion
{
    /// <summary>Reaches every visit that could overlap one that starts there, with the largest buffer.</summary>
    private const string Reach = "interval '1 day'";

    private const string TransactionId = "pg_current_xact_id()";

    // No visit is longer; this bound is for the index. A held visit counts wherever it is: holds are limited in number.
    private static readonly string MaxLength = $"interval '{Treatment.MaxDurationMinutes} minutes'";

    /// <summary>$1 doctor, $2 patient, $3 start.</summary>
    private static readonly string[] OfNewVisit = Commands(
        own: "SELECT $1::uuid AS doctor_id, $2::uuid AS patient_id, $3::timestamptz AS starts_at");

    /// <summary>$1 visit, $2 start, or null for its own. Its doctor and its patient never change, so they need no lock to be known.</summary>
    private static readonly string[] OfVisit =
    [
        .. Commands(own: "SELECT doctor_id, patient_id, coalesce($2::timestamptz, starts_at) AS starts_at FROM clinic.appointments WHERE id = $1"),
        $"SELECT {AppointmentRow.Columns} FROM clinic.appointments a WHERE a.id = $1 FOR NO KEY UPDATE",
    ];

    /// <summary>$1 visit. For changes that take no time of anybody.</summary>
    private static readonly string[] OfVisitAlone =
    [
        $"""
        SELECT {AppointmentRow.Columns}, d.setup_version, {TransactionId} FROM clinic.appointments a JOIN clinic.doctors d ON d.id = a.doctor_id
        WHERE a.id = $1 FOR NO KEY UPDATE OF a
        """,
    ];

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

        var doctorExists = await reader.ReadAsync(cancellationToken);
        Guid? setupVersion = doctorExists ? reader.GetGuid(0) : null;
        var transactionId = doctorExists ? reader.GetFieldValue<ulong>(1) : 0;
        await reader.NextResultAsync(cancellationToken);
        var ofDoctor = await VisitsAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var patientExists = await reader.ReadAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var ofPatient = await VisitsAsync(reader, cancellationToken);
        Appointment? visit = null;
        if (VisitId is not null)
        {
            await reader.NextResultAsync(cancellationToken);
            visit = await reader.ReadAsync(cancellationToken) ? AppointmentRow.Read(reader) : null;
        }

        return new CalendarRows
        {
            SetupVersion = setupVersion,
            TransactionId = transactionId,
            OfDoctor = ofDoctor,
            PatientExists = patientExists,
            OfPatient = ofPatient,
            Visit = visit,
        };
    }

    /// <summary>Lock on the doctor, their visits, lock on the patient, their visits, for the doctor, patient and start of the own visit.</summary>
    private static string[] Commands(string own) =>
    [
        $"SELECT setup_version, {TransactionId} FROM clinic.doctors WHERE id = (SELECT doctor_id FROM ({own}) own) FOR NO KEY UPDATE",
        $"""
        SELECT v.id, v.starts_at, v.ends_at, v.hold_expires_at FROM ({own}) own JOIN clinic.appointments v ON v.doctor_id = own.doctor_id
        WHERE v.starts_at < own.starts_at + {Reach} AND v.ends_at > own.starts_at - {Reach}
          AND v.starts_at > own.starts_at - {Reach} - {MaxLength} AND v.status NOT IN ('cancelled', 'no_show')
        """,
        $"SELECT 1 FROM clinic.patients WHERE id = (SELECT patient_id FROM ({own}) own) FOR NO KEY UPDATE",
        $"""
        SELECT v.id, v.starts_at, v.ends_at, v.hold_expires_at FROM ({own}) own JOIN clinic.appointments v ON v.patient_id = own.patient_id
        WHERE v.status = 'held' OR (v.starts_at < own.starts_at + {Reach} AND v.ends_at > own.starts_at - {Reach}
          AND v.starts_at > own.starts_at - {Reach} - {MaxLength} AND v.status NOT IN ('cancelled', 'no_show'))
        """,
    ];

    private static async Task<IReadOnlyList<CalendarVisit>> VisitsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var visits = new List<CalendarVisit>();
        while (await reader.ReadAsync(cancellationToken))
        {
            visits.Add(new CalendarVisit(reader.GetGuid(0), CalendarReader.ReadBusy(reader, firstColumn: 1)));
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
