using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Clinic.Core.Scheduling;
using Clinic.Data.Doctors;
using Npgsql;

namespace Clinic.Data.Calendars;

/// <summary>
/// Doctors' setups in the memory of this process: they are read all the time and seldom change. Nobody trusts them unasked:
/// whoever needs one has just read its version in Postgres, where triggers renew it with every change (R4), and what is kept
/// under that version is what Postgres has. A booking reads the version under the doctor's lock.
/// </summary>
public sealed class DoctorSetups
{
    /// <summary>
    /// One command and so one snapshot: a setup is never made of two versions. JSON, because what belongs to a doctor comes in
    /// lists of different shapes; it is seldom read, so its cost does not matter.
    /// </summary>
    private const string Sql =
        """
        SELECT d.id, d.setup_version, jsonb_build_object(
            'fullName', d.full_name, 'timeZone', d.time_zone, 'slotMinutes', d.slot_minutes, 'bufferMinutes', d.buffer_minutes,
            'minNoticeMinutes', d.min_notice_minutes, 'horizonDays', d.horizon_days, 'changeNoticeMinutes', d.change_notice_minutes,
            'treatments', ARRAY(
                SELECT jsonb_build_object('id', t.id, 'name', t.name, 'durationMinutes', t.duration_minutes, 'inPerson', t.in_person, 'online', t.online)
                FROM clinic.treatments t WHERE t.doctor_id = d.id AND t.removed_at IS NULL ORDER BY t.name),
            'weekly', ARRAY(
                SELECT jsonb_build_object('dayOfWeek', w.day_of_week, 'start', w.starts_at, 'end', w.ends_at, 'modality', w.modality)
                FROM clinic.weekly_windows w WHERE w.doctor_id = d.id ORDER BY w.day_of_week, w.starts_at),
            'exceptions', ARRAY(
                SELECT jsonb_build_object('start', e.starts_at, 'end', e.ends_at, 'kind', e.kind, 'modality', e.modality, 'reason', e.reason)
                FROM clinic.schedule_exceptions e WHERE e.doctor_id = d.id ORDER BY e.starts_at))
        FROM clinic.doctors d WHERE d.id = ANY($1)
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter<WindowModality>(JsonNamingPolicy.SnakeCaseLower), new JsonStringEnumConverter<ExceptionKind>(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly ConcurrentDictionary<Guid, DoctorSetup> _known = new();

    /// <summary>The setups of these versions or, where one has changed since, of a newer one. One command if any is unknown, else none.</summary>
    /// <param name="connection">An open connection, in a transaction or not.</param>
    /// <param name="versions">Doctors and the versions that Postgres has just told.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    public async Task<IReadOnlyDictionary<Guid, DoctorSetup>> OfAsync(
        NpgsqlConnection connection, IReadOnlyCollection<KeyValuePair<Guid, Guid>> versions, CancellationToken cancellationToken)
    {
        var setups = new Dictionary<Guid, DoctorSetup>(versions.Count);
        List<Guid>? unknown = null;
        foreach (var (doctorId, version) in versions)
        {
            if (_known.TryGetValue(doctorId, out var known) && known.Version == version)
            {
                setups.Add(doctorId, known);
            }
            else
            {
                (unknown ??= []).Add(doctorId);
            }
        }

        if (unknown is not null)
        {
            await LoadAsync(connection, unknown, setups, cancellationToken);
        }

        return setups;
    }

    private async Task LoadAsync(
        NpgsqlConnection connection, List<Guid> doctorIds, Dictionary<Guid, DoctorSetup> setups, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = doctorIds } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var setup = JsonSerializer.Deserialize<Row>(reader.GetString(2), Json)!.ToSetup(reader.GetGuid(0), reader.GetGuid(1));
            setups.Add(setup.DoctorId, _known[setup.DoctorId] = setup);
        }
    }

    private sealed record Row(
        string FullName, string TimeZone,
        int SlotMinutes, int BufferMinutes, int MinNoticeMinutes, int HorizonDays, int ChangeNoticeMinutes,
        TreatmentRow[] Treatments, WindowRow[] Weekly, ScheduleException[] Exceptions)
    {
        public DoctorSetup ToSetup(Guid id, Guid version) => new(
            id,
            version,
            FullName,
            new Availability(
                TimeZones.Find(TimeZone),
                new BookingRules(SlotMinutes, BufferMinutes, MinNoticeMinutes, HorizonDays, ChangeNoticeMinutes),
                [.. Weekly.Select(w => new WeeklyHours((DayOfWeek)w.DayOfWeek, w.Start, w.End, w.Modality))],
                Exceptions),
            [.. Treatments.Select(t => new OfferedTreatment(t.Id, t.Name, t.DurationMinutes, Treatment.ModalitiesOf(t.InPerson, t.Online)))]);
    }

    private sealed record TreatmentRow(Guid Id, string Name, int DurationMinutes, bool InPerson, bool Online);

    private sealed record WindowRow(int DayOfWeek, TimeOnly Start, TimeOnly End, WindowModality Modality);
}
