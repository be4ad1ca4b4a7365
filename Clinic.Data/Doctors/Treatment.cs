using Clinic.Core.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Doctors;

/// <summary>What a doctor offers.</summary>
public sealed class Treatment
{
    /// <summary>No visit is longer, so whoever looks for overlaps need look no further back.</summary>
    public const int MaxDurationMinutes = 480;

    public required Guid Id { get; init; }

    public required Guid DoctorId { get; init; }

    public required string Name { get; set; }

    public required decimal Price { get; set; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; set; }

    public required int DurationMinutes { get; set; }

    public required bool InPerson { get; set; }

    public required bool Online { get; set; }

    /// <summary>Set when it is no longer offered; visits booked before keep it.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    public IReadOnlyList<Modality> Modalities => ModalitiesOf(InPerson, Online);

    public static IReadOnlyList<Modality> ModalitiesOf(bool inPerson, bool online) => (inPerson, online) switch
    {
        (true, true) => [Modality.InPerson, Modality.Online],
        (true, false) => [Modality.InPerson],
        (false, true) => [Modality.Online],
        (false, false) => [],
    };
}

internal sealed class TreatmentConfiguration : IEntityTypeConfiguration<Treatment>
{
    public void Configure(EntityTypeBuilder<Treatment> treatment)
    {
        treatment.ToTable("treatments", table =>
        {
            table.HasComment("What a doctor offers, by price and length.");
            table.HasCheckConstraint("ck_treatments_duration_minutes", $"duration_minutes BETWEEN 5 AND {Treatment.MaxDurationMinutes}");
            table.HasCheckConstraint("ck_treatments_price", "price >= 0");
            table.HasCheckConstraint("ck_treatments_currency", "currency ~ '^[A-Z]{3}$'");
            table.HasCheckConstraint("ck_treatments_modalities", "in_person OR online");
        });
        treatment.Property(t => t.Id).ValueGeneratedNever().HasComment("UUIDv7, made by the client.");
        treatment.Property(t => t.DoctorId).HasComment("Whose treatment it is.");
        treatment.Property(t => t.Name).HasMaxLength(200).HasComment("Unique among those that the doctor offers.");
        treatment.Property(t => t.Price).HasColumnType("numeric(10,2)").HasComment("In whole units of the currency.");
        treatment.Property(t => t.Currency).HasMaxLength(3).HasComment("ISO 4217 code, as PEN.");
        treatment.Property(t => t.DurationMinutes).HasComment("Length of a visit in minutes.");
        treatment.Property(t => t.InPerson).HasComment("Given in person.");
        treatment.Property(t => t.Online).HasComment("Given online.");
        treatment.Property(t => t.RemovedAt).HasComment("Set when it is no longer offered; null until then.");
        treatment.Ignore(t => t.Modalities);
        treatment.HasQueryFilter(t => t.RemovedAt == null);
        treatment.HasIndex(t => new { t.DoctorId, t.Name }).IsUnique().HasFilter("removed_at IS NULL");
    }
}
