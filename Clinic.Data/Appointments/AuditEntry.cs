using Clinic.Core.Appointments;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Appointments;

/// <summary>One change of a visit: who, when, what, from, to. Triggers refuse UPDATE, DELETE and TRUNCATE (R31).</summary>
public sealed class AuditEntry
{
    public long Id { get; private set; }

    public required Guid AppointmentId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    public required AppointmentAction Action { get; init; }

    public required AppointmentStatus? FromStatus { get; init; }

    public required AppointmentStatus ToStatus { get; init; }

    /// <summary>JSON object of what else changed, as <c>{"fromStart":…,"toStart":…}</c>.</summary>
    public string? Details { get; init; }

    /// <summary>
    /// Names the change, so that whoever lost the connection in the middle of a commit can tell whether it went through. Null
    /// for seeded rows and for what the system did along with a change.
    /// </summary>
    public Guid? ChangeId { get; init; }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.ToTable("audit_trail", table => table.HasComment("Every change of every visit. Append-only: triggers refuse UPDATE, DELETE and TRUNCATE."));
        entry.Property(e => e.Id).UseIdentityAlwaysColumn().HasComment("Order of writing.");
        entry.Property(e => e.AppointmentId).HasComment("The visit that changed.");
        entry.Property(e => e.At).HasComment("When.");
        entry.Property(e => e.Actor).HasMaxLength(200).HasComment("Who: an account, or the part of the system that did it.");
        entry.Property(e => e.Action).HasComment("What was done.");
        entry.Property(e => e.FromStatus).HasComment("State before; null for a new visit.");
        entry.Property(e => e.ToStatus).HasComment("State after.");
        entry.Property(e => e.Details).HasColumnType("jsonb").HasComment("What else changed.");
        entry.Property(e => e.ChangeId).HasComment("UUIDv7 that names the change; null for seeded rows and for what went along with a change.");
        entry.HasOne<Appointment>().WithMany().HasForeignKey(e => e.AppointmentId).OnDelete(DeleteBehavior.Restrict);
        entry.HasIndex(e => new { e.AppointmentId, e.Id });
        entry.HasIndex(e => e.ChangeId).IsUnique().HasFilter("change_id IS NOT NULL");
    }
}
