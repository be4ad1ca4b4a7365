using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Doctors;
using Clinic.Data.Patients;
using Clinic.MigrationWorker.Files;
using Clinic.MigrationWorker.Generation;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Clinic.MigrationWorker.Storage;

/// <summary>
/// Writes a generated clinic within the context's transaction: doctors through the model, the many rows through COPY.
/// There is no outbox row for a seeded visit: its patient is invented and nobody is to be written to.
/// </summary>
internal sealed class ClinicWriter(ClinicDbContext context, SeedMetrics metrics)
{
    private const int Seed = 20_254;

    /// <summary>Who did it, in the audit trail.</summary>
    private const string Actor = "seed";

    private readonly Random _random = new(Seed);

    public async Task WriteAsync(GeneratedClinic clinic, CancellationToken cancellationToken)
    {
        metrics.Planned("doctors", clinic.Doctors.Count);
        metrics.Planned("patients", clinic.Patients.Count);
        metrics.Planned("appointments", clinic.Visits.Count);
        metrics.Planned("audit_trail", clinic.Visits.Sum(v => v.Story.Count));

        context.Doctors.AddRange(clinic.Doctors.Select(d => Record(d, clinic)));
        await context.SaveChangesAsync(cancellationToken);
        metrics.Written("doctors", clinic.Doctors.Count);

        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        await PatientsAsync(connection, clinic.Patients, cancellationToken);
        var visits = clinic.Visits.Select(v => (Id: SeededIds.Version7(v.BookedAt, _random), Visit: v)).ToList();
        await AppointmentsAsync(connection, visits, clinic.Patients, cancellationToken);
        await AuditTrailAsync(connection, visits, cancellationToken);

        // The planner knows nothing of rows that came just now, and the first slot search would pay for it.
        await context.Database.ExecuteSqlRawAsync(
            "ANALYZE clinic.doctors, clinic.treatments, clinic.weekly_windows, clinic.schedule_exceptions, "
            + "clinic.patients, clinic.appointments, clinic.audit_trail",
            cancellationToken);
    }

    private Task PatientsAsync(NpgsqlConnection connection, IEnumerable<Patient> patients, CancellationToken cancellationToken) =>
        connection.CopyAsync(
            "clinic.patients (id, full_name, document_number, email, phone, time_zone, search_text, created_at)",
            patients,
            async (row, patient) =>
            {
                await row.WriteAsync(patient.Id, NpgsqlDbType.Uuid, cancellationToken);
                await row.WriteAsync(patient.FullName, NpgsqlDbType.Varchar, cancellationToken);
                await row.WriteAsync(patient.DocumentNumber, NpgsqlDbType.Varchar, cancellationToken);
                await row.WriteAsync(patient.Email, NpgsqlDbType.Varchar, cancellationToken);
                await row.WriteAsync(patient.Phone, NpgsqlDbType.Varchar, cancellationToken);
                await row.WriteAsync(patient.TimeZone, NpgsqlDbType.Varchar, cancellationToken);
                await row.WriteAsync(patient.IndexForSearch().SearchText, NpgsqlDbType.Varchar, cancellationToken);
                await row.WriteAsync(patient.CreatedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
                metrics.Written("patients");
            },
            cancellationToken);

    private Task AppointmentsAsync(
        NpgsqlConnection connection, List<(Guid Id, PlannedVisit Visit)> visits, IReadOnlyList<Patient> patients, CancellationToken cancellationToken) =>
        connection.CopyAsync(
            "clinic.appointments (id, doctor_id, patient_id, treatment_id, starts_at, ends_at, modality, status, reason, sequence, created_at)",
            visits,
            async (row, planned) =>
            {
                var visit = planned.Visit;
                await row.WriteAsync(planned.Id, NpgsqlDbType.Uuid, cancellationToken);
                await row.WriteAsync(visit.DoctorId, NpgsqlDbType.Uuid, cancellationToken);
                await row.WriteAsync(patients[visit.Patient].Id, NpgsqlDbType.Uuid, cancellationToken);
                await row.WriteAsync(visit.TreatmentId, NpgsqlDbType.Uuid, cancellationToken);
                await row.WriteAsync(visit.During.Start.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
                await row.WriteAsync(visit.During.End.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
                await row.WriteAsync(visit.Modality, "clinic.modality", cancellationToken);
                await row.WriteAsync(visit.Status, "clinic.appointment_status", cancellationToken);
                await row.WriteAsync(visit.Reason, NpgsqlDbType.Varchar, cancellationToken);
                await row.WriteAsync(Sequence(visit), NpgsqlDbType.Integer, cancellationToken);
                await row.WriteAsync(visit.BookedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
                metrics.Written("appointments");
            },
            cancellationToken);

    /// <summary>In order of time over all visits, as rows of an audit trail come about.</summary>
    private Task AuditTrailAsync(
        NpgsqlConnection connection, List<(Guid Id, PlannedVisit Visit)> visits, CancellationToken cancellationToken) =>
        connection.CopyAsync(
            "clinic.audit_trail (appointment_id, at, actor, action, from_status, to_status)",
            visits.SelectMany(v => v.Visit.Story.Select(e => (v.Id, Event: e))).OrderBy(e => e.Event.At),
            async (row, entry) =>
            {
                await row.WriteAsync(entry.Id, NpgsqlDbType.Uuid, cancellationToken);
                await row.WriteAsync(entry.Event.At.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
                await row.WriteAsync(Actor, NpgsqlDbType.Varchar, cancellationToken);
                await row.WriteAsync(entry.Event.Action, "clinic.appointment_action", cancellationToken);
                await row.WriteNullableAsync(entry.Event.FromStatus, "clinic.appointment_status", cancellationToken);
                await row.WriteAsync(entry.Event.ToStatus, "clinic.appointment_status", cancellationToken);
                metrics.Written("audit_trail");
            },
            cancellationToken);

    /// <summary>A cancel is a change that the patient's calendar hears of; the booking itself is sequence 0.</summary>
    private static int Sequence(PlannedVisit visit) => visit.Status == AppointmentStatus.Cancelled ? 1 : 0;

    private Doctor Record(CatalogDoctor doctor, GeneratedClinic clinic)
    {
        var id = SeededIds.Doctor(doctor.Key);
        var today = doctor.Zone.DateAt(clinic.Now);
        var record = new Doctor
        {
            Id = id,
            FullName = doctor.FullName,
            Specialty = doctor.Specialty,
            City = doctor.City,
            About = doctor.About,
            TimeZone = doctor.Zone.Id,
            SlotMinutes = doctor.Rules.SlotMinutes,
            BufferMinutes = doctor.Rules.BufferMinutes,
            MinNoticeMinutes = doctor.Rules.MinNoticeMinutes,
            HorizonDays = doctor.Rules.HorizonDays,
            CreatedAt = clinic.OpenedAt,
        }.IndexForSearch();
        record.Treatments.AddRange(doctor.Treatments.Select(t => new Treatment
        {
            Id = SeededIds.Treatment(doctor.Key, t.Name),
            DoctorId = id,
            Name = t.Name,
            Price = t.Price,
            Currency = t.Currency,
            DurationMinutes = t.DurationMinutes,
            InPerson = t.Modalities.Contains(Modality.InPerson),
            Online = t.Modalities.Contains(Modality.Online),
        }));
        record.WeeklyWindows.AddRange(doctor.Weekly.Select(w => new WeeklyWindow
        {
            Id = SeededIds.Version7(clinic.OpenedAt, _random),
            DoctorId = id,
            DayOfWeek = w.DayOfWeek,
            StartsAt = w.Start,
            EndsAt = w.End,
            Modality = w.Modality,
        }));
        record.Exceptions.AddRange(doctor.Windows.Select(w => new DatedException
        {
            Id = SeededIds.Version7(clinic.OpenedAt, _random),
            DoctorId = id,
            StartsAt = w.From(today).Start,
            EndsAt = w.From(today).End,
            Kind = w.Kind,
            Modality = w.Modality,
            Reason = w.Reason,
        }));
        return record;
    }
}
