using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Patients;

/// <summary>A person who visits. Booking locks this row after the doctor's, always in that order.</summary>
public sealed class Patient
{
    public required Guid Id { get; init; }

    /// <summary>Null for somebody who has signed in and has not said it yet.</summary>
    public string? FullName { get; set; }

    public string? DocumentNumber { get; set; }

    /// <summary>In lower case. Families share addresses, so it is not unique.</summary>
    public string? Email { get; set; }

    public string? Phone { get; set; }

    public string? TimeZone { get; set; }

    /// <summary>Name, e-mail address, document and phone number as <see cref="Data.SearchText.Fold"/> leaves them.</summary>
    public string SearchText { get; private set; } = "";

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>To be called after any of what is searched was set.</summary>
    public Patient IndexForSearch()
    {
        SearchText = Data.SearchText.Fold($"{FullName} {Email} {DocumentNumber} {Phone}");
        return this;
    }
}

internal sealed class PatientConfiguration : IEntityTypeConfiguration<Patient>
{
    public void Configure(EntityTypeBuilder<Patient> patient)
    {
        patient.ToTable("patients", table => table.HasComment("People who visit."));
        patient.Property(p => p.Id).ValueGeneratedNever().HasComment("UUIDv7, made by the client.");
        patient.Property(p => p.FullName).HasMaxLength(200).HasComment("As the patient writes it; null until they do.");
        patient.Property(p => p.DocumentNumber).HasMaxLength(20).HasComment("National identity number, as the DNI; unique where known.");
        patient.Property(p => p.Email).HasMaxLength(254).HasComment("In lower case; families share one.");
        patient.Property(p => p.Phone).HasMaxLength(32).HasComment("As the patient writes it.");
        patient.Property(p => p.TimeZone).HasMaxLength(64).HasComment("IANA zone in which the patient reads times.");
        patient.Property(p => p.SearchText).HasMaxLength(600).HasComment("Name, e-mail, document and phone without accents, in lower case.");
        patient.Property(p => p.CreatedAt).HasComment("When the record was made.");
        patient.HasIndex(p => p.DocumentNumber).IsUnique();
        patient.HasIndex(p => p.Email);
    }
}
