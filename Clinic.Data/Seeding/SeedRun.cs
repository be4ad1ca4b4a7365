using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Seeding;

/// <summary>A step of seeding that was done, so that the next start leaves it out (R26).</summary>
public sealed class SeedRun
{
    public required string Step { get; init; }

    public required DateTimeOffset DoneAt { get; init; }

    /// <summary>What it made, in words, with counts.</summary>
    public required string Summary { get; init; }
}

internal sealed class SeedRunConfiguration : IEntityTypeConfiguration<SeedRun>
{
    public void Configure(EntityTypeBuilder<SeedRun> run)
    {
        run.ToTable("seed_history", table => table.HasComment("Steps of seeding that were done."));
        run.HasKey(r => r.Step);
        run.Property(r => r.Step).HasMaxLength(100).HasComment("Name of the step.");
        run.Property(r => r.DoneAt).HasComment("When.");
        run.Property(r => r.Summary).HasMaxLength(1000).HasComment("What it made, with counts.");
    }
}
