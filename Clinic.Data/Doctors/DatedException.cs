using Clinic.Core.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Doctors;

/// <summary>A closure or extra hours; see <see cref="ScheduleException"/> for what it does.</summary>
public sealed class DatedException
{
    public required Guid Id { get; init; }

    public required Guid DoctorId { get; init; }

    /// <summary>Wall time in the doctor's zone.</summary>
    public required DateTime StartsAt { get; init; }

    /// <summary>Wall time in the doctor's zone.</summary>
    public required DateTime EndsAt { get; init; }

    public required ExceptionKind Kind { get; init; }

    public required WindowModality Modality { get; init; }

    public string? Reason { get; init; }

    public ScheduleException ToException() => new(StartsAt, EndsAt, Kind, Modality, Reason);
}

internal sealed class DatedExceptionConfiguration : IEntityTypeConfiguration<DatedException>
{
    public void Configure(EntityTypeBuilder<DatedException> exception)
    {
        exception.ToTable("schedule_exceptions", table =>
        {
            table.HasComment("Dated changes to the weekly hours; a closure wins over extra hours.");
            table.HasCheckConstraint("ck_schedule_exceptions_order", "starts_at < ends_at");
        });
        exception.Property(e => e.Id).ValueGeneratedNever().HasComment("UUIDv7, made by the client.");
        exception.Property(e => e.DoctorId).HasComment("Whose calendar it changes.");
        exception.Property(e => e.StartsAt).HasColumnType("timestamp without time zone").HasComment("Wall time in the doctor's zone.");
        exception.Property(e => e.EndsAt).HasColumnType("timestamp without time zone").HasComment("Wall time in the doctor's zone, exclusive.");
        exception.Property(e => e.Kind).HasComment("closed takes time away, open adds some.");
        exception.Property(e => e.Modality).HasComment("Which visits it concerns.");
        exception.Property(e => e.Reason).HasMaxLength(200).HasComment("For staff; patients never see it.");
        exception.HasIndex(e => new { e.DoctorId, e.EndsAt });
    }
}
