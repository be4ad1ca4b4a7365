using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Accounts;

/// <summary>
/// A sign-in and the refresh tokens that followed from it. Only the latest is good; whoever shows an earlier one ends the
/// session, since either they or the holder of the latest must have stolen it.
/// </summary>
public sealed class SignInSession
{
    public required Guid Id { get; init; }

    public required Guid AccountId { get; init; }

    /// <summary>SHA-256 of the latest refresh token's secret, 32 random bytes.</summary>
    public required byte[] TokenHash { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the latest refresh token stops being good; each use puts it off.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Set by a sign-out, by a token that was used twice, and when the account changes.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

internal sealed class SignInSessionConfiguration : IEntityTypeConfiguration<SignInSession>
{
    public void Configure(EntityTypeBuilder<SignInSession> session)
    {
        session.ToTable("sign_in_sessions", table => table.HasComment("Sign-ins, each with the hash of its latest refresh token."));
        session.Property(s => s.Id).ValueGeneratedNever().HasComment("UUIDv7, made by the client.");
        session.Property(s => s.AccountId).HasComment("Who signed in.");
        session.Property(s => s.TokenHash).HasComment("SHA-256 of the latest refresh token's secret.");
        session.Property(s => s.CreatedAt).HasComment("When the sign-in was.");
        session.Property(s => s.ExpiresAt).HasComment("When the latest refresh token stops being good.");
        session.Property(s => s.EndedAt).HasComment("Set by a sign-out, a token used twice, or a changed account.");
        session.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
        session.HasIndex(s => s.AccountId);
        session.HasIndex(s => s.ExpiresAt);
    }
}
