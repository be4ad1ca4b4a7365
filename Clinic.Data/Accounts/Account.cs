using Clinic.Core.Accounts;
using Clinic.Data.Doctors;
using Clinic.Data.Patients;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Accounts;

/// <summary>Somebody who can sign in, by codes that go to their e-mail address.</summary>
public sealed class Account
{
    public required Guid Id { get; init; }

    /// <summary>In lower case.</summary>
    public required string Email { get; init; }

    public required AccountRole Role { get; set; }

    /// <summary>Of staff; patients and doctors have their names in their own records.</summary>
    public string? FullName { get; set; }

    /// <summary>The record of a patient; null for all others.</summary>
    public Guid? PatientId { get; set; }

    /// <summary>The record of a doctor; null for all others.</summary>
    public Guid? DoctorId { get; set; }

    /// <summary>Set while the account may not sign in.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class AccountConfiguration : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> account)
    {
        account.ToTable("accounts", table =>
        {
            table.HasComment("Who can sign in, and as what.");
            table.HasCheckConstraint("ck_accounts_patient", "(role = 'patient') = (patient_id IS NOT NULL)");
            table.HasCheckConstraint("ck_accounts_doctor", "(role = 'doctor') = (doctor_id IS NOT NULL)");
        });
        account.Property(a => a.Id).ValueGeneratedNever().HasComment("UUIDv7, made by the client.");
        account.Property(a => a.Email).HasMaxLength(254).HasComment("In lower case; codes go there.");
        account.Property(a => a.Role).HasComment("What the account may do.");
        account.Property(a => a.FullName).HasMaxLength(200).HasComment("Of staff; others have their names in their own records.");
        account.Property(a => a.PatientId).HasComment("The own record of a patient.");
        account.Property(a => a.DoctorId).HasComment("The own record of a doctor.");
        account.Property(a => a.DisabledAt).HasComment("Set while the account may not sign in.");
        account.Property(a => a.CreatedAt).HasComment("When the account was made.");
        account.HasOne<Patient>().WithMany().HasForeignKey(a => a.PatientId).OnDelete(DeleteBehavior.Restrict);
        account.HasOne<Doctor>().WithMany().HasForeignKey(a => a.DoctorId).OnDelete(DeleteBehavior.Restrict);
        account.HasIndex(a => a.Email).IsUnique();
        account.HasIndex(a => a.PatientId).IsUnique();
        account.HasIndex(a => a.DoctorId);
    }
}
