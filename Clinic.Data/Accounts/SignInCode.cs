using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Accounts;

/// <summary>The latest code sent to an address, known or not; a used one is gone. Counts what was sent and tried.</summary>
public sealed class SignInCode
{
    /// <summary>In lower case.</summary>
    public required string Email { get; init; }

    /// <summary>Keyed hash of address and code: six digits under a plain hash would be no secret.</summary>
    public required byte[] CodeHash { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Tries of this code so far.</summary>
    public required int Tries { get; set; }

    /// <summary>Codes sent since <see cref="SentSince"/>.</summary>
    public required int Sent { get; set; }

    public required DateTimeOffset SentSince { get; set; }
}

internal sealed class SignInCodeConfiguration : IEntityTypeConfiguration<SignInCode>
{
    public void Configure(EntityTypeBuilder<SignInCode> code)
    {
        code.ToTable("sign_in_codes", table => table.HasComment("The latest one-time code of each address; gone once it is used."));
        code.HasKey(c => c.Email);
        code.Property(c => c.Email).HasMaxLength(254).HasComment("In lower case.");
        code.Property(c => c.CodeHash).HasComment("HMAC-SHA256 of address and code.");
        code.Property(c => c.ExpiresAt).HasComment("When the code stops being good.");
        code.Property(c => c.Tries).HasComment("Tries of this code so far.");
        code.Property(c => c.Sent).HasComment("Codes sent to the address since sent_since.");
        code.Property(c => c.SentSince).HasComment("When counting began.");
        code.HasIndex(c => c.ExpiresAt);
    }
}
