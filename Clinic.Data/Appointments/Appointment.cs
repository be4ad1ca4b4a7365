using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;
using Clinic.Data.Doctors;
using Clinic.Data.Patients;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Appointments;

/// <summary>
/// A visit. Two exclusion constraints, made by the migration, keep any two visits of a doctor and any two of a patient
/// from overlapping, whoever writes them. Visits are cancelled, never deleted: records are kept seven years.
/// </summary>
public sealed class Appointment
{
    public required Guid Id { get; init; }

    public required Guid DoctorId { get; init; }

    public required Guid PatientId { get; init; }

    public required Guid TreatmentId { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset StartsAt { get; set; }

    /// <summary>UTC, exclusive. Kept when the treatment's length changes later.</summary>
    public required DateTimeOffset EndsAt { get; set; }

    public required Modality Modality { get; set; }

    public required AppointmentStatus Status { get; set; }

    public string? Reason { get; set; }

    /// <summary>When a hold lapses; null for all other states.</summary>
    public DateTimeOffset? HoldExpiresAt { get; set; }

    /// <summary>Counts the changes that a patient hears of: SEQUENCE of its calendar entry, and of its messages.</summary>
    public int Sequence { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Postgres's <c>xmin</c>.</summary>
    public uint Version { get; internal init; }
}

internal sealed class AppointmentConfiguration : IEntityTypeConfiguration<Appointment>
{
    public void Configure(EntityTypeBuilder<Appointment> appointment)
    {
        appointment.ToTable("appointments", table =>
        {
            table.HasComment("Visits. Cancelled, never deleted.");
            table.HasCheckConstraint("ck_appointments_order", "starts_at < ends_at");
            table.HasCheckConstraint("ck_appointments_length", $"ends_at <= starts_at + interval '{Treatment.MaxDurationMinutes} minutes'");
            table.HasCheckConstraint("ck_appointments_hold", "(status = 'held') = (hold_expires_at IS NOT NULL)");
        });
        appointment.Property(a => a.Id).ValueGeneratedNever().HasComment("UUIDv7, made by the client.");
        appointment.Property(a => a.DoctorId).HasComment("Who receives.");
        appointment.Property(a => a.PatientId).HasComment("Who visits.");
        appointment.Property(a => a.TreatmentId).HasComment("What for.");
        appointment.Property(a => a.StartsAt).HasComment("Start.");
        appointment.Property(a => a.EndsAt).HasComment("End, exclusive; stays when the treatment's length changes.");
        appointment.Property(a => a.Modality).HasComment("How the visit takes place.");
        appointment.Property(a => a.Status).HasComment("All but cancelled and no_show take up the doctor's and the patient's time.");
        appointment.Property(a => a.Reason).HasMaxLength(500).HasComment("What the patient comes for, in their words.");
        appointment.Property(a => a.HoldExpiresAt).HasComment("When a hold lapses; null for all other states.");
        appointment.Property(a => a.Sequence).HasComment("Counts the changes that the patient hears of.");
        appointment.Property(a => a.CreatedAt).HasComment("When the visit was booked.");
        appointment.Property(a => a.Version).HasColumnName("xmin").IsRowVersion();
        appointment.HasOne<Doctor>().WithMany().HasForeignKey(a => a.DoctorId).OnDelete(DeleteBehavior.Restrict);
        appointment.HasOne<Patient>().WithMany().HasForeignKey(a => a.PatientId).OnDelete(DeleteBehavior.Restrict);
        appointment.HasOne<Treatment>().WithMany().HasForeignKey(a => a.TreatmentId).OnDelete(DeleteBehavior.Restrict);
        appointment.HasIndex(a => new { a.DoctorId, a.StartsAt });
        appointment.HasIndex(a => new { a.PatientId, a.StartsAt });
        appointment.HasIndex(a => a.StartsAt);

        // A booking asks for its patient's holds, wherever they are. Few rows are in it at any time.
        appointment.HasIndex(a => a.PatientId).HasFilter("status = 'held'");
    }
}
