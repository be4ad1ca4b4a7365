using Clinic.Data.Appointments;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Messages;

/// <summary>What a message tells the patient.</summary>
public enum MessageKind
{
    Booked,
    Moved,
    Cancelled,
    Reminder,
}

/// <summary>
/// A message to send, written in the transaction of the change that it tells of. Unique by visit, kind and sequence, so
/// that no message is sent twice (R19).
/// </summary>
public sealed class OutboxMessage
{
    public required Guid Id { get; init; }

    public required Guid AppointmentId { get; init; }

    public required MessageKind Kind { get; init; }

    /// <summary>The visit's <see cref="Appointment.Sequence"/> at the time of the change.</summary>
    public required int Sequence { get; init; }

    /// <summary>Not to be sent before; a reminder is due later.</summary>
    public required DateTimeOffset DueAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public int Attempts { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Set when sending was given up.</summary>
    public DateTimeOffset? ParkedAt { get; set; }

    public string? LastError { get; set; }
}

internal sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> message)
    {
        message.ToTable("outbox", table => table.HasComment("Messages to send, written with the change that they tell of."));
        message.Property(m => m.Id).ValueGeneratedNever().HasComment("UUIDv7, made by the client.");
        message.Property(m => m.AppointmentId).HasComment("The visit.");
        message.Property(m => m.Kind).HasComment("What the message tells.");
        message.Property(m => m.Sequence).HasComment("The visit's sequence at the time of the change.");
        message.Property(m => m.DueAt).HasComment("Not to be sent before.");
        message.Property(m => m.CreatedAt).HasComment("When it was written.");
        message.Property(m => m.Attempts).HasComment("Tries to send it so far.");
        message.Property(m => m.SentAt).HasComment("When it was sent; null until then.");
        message.Property(m => m.ParkedAt).HasComment("When sending was given up; null as a rule.");
        message.Property(m => m.LastError).HasMaxLength(1000).HasComment("Why the last try failed.");
        message.HasOne<Appointment>().WithMany().HasForeignKey(m => m.AppointmentId).OnDelete(DeleteBehavior.Restrict);
        message.HasIndex(m => new { m.AppointmentId, m.Kind, m.Sequence }).IsUnique();
        message.HasIndex(m => m.DueAt).HasFilter("sent_at IS NULL AND parked_at IS NULL");
    }
}
