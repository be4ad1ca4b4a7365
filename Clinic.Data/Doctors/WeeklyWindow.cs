using Clinic.Core.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Doctors;

/// <summary>A window of a doctor's week; see <see cref="Core.Scheduling.WeeklyHours"/> for what the times mean.</summary>
public sealed class WeeklyWindow
{
    public required Guid Id { get; init; }

    public required Guid DoctorId { get; init; }

    public required DayOfWeek DayOfWeek { get; init; }

    public required TimeOnly StartsAt { get; init; }

    public required TimeOnly EndsAt { get; init; }

    public required WindowModality Modality { get; init; }

    public WeeklyHours ToHours() => new(DayOfWeek, StartsAt, EndsAt, Modality);
}

internal sealed class WeeklyWindowConfiguration : IEntityTypeConfiguration<WeeklyWindow>
{
    public void Configure(EntityTypeBuilder<WeeklyWindow> window)
    {
        window.ToTable("weekly_windows", table =>
        {
            table.HasComment("Hours that recur every week, as wall time in the doctor's zone.");
            table.HasCheckConstraint("ck_weekly_windows_day_of_week", "day_of_week BETWEEN 0 AND 6");
        });
        window.Property(w => w.Id).ValueGeneratedNever().HasComment("UUIDv7, made by the client.");
        window.Property(w => w.DoctorId).HasComment("Whose hours these are.");
        window.Property(w => w.DayOfWeek).HasConversion<short>().HasComment("0 is Sunday, 6 Saturday: the day on which the window starts.");
        window.Property(w => w.StartsAt).HasComment("Wall time.");
        window.Property(w => w.EndsAt).HasComment("Wall time; when not after the start, on the following day.");
        window.Property(w => w.Modality).HasComment("What the window is open for.");
        window.HasIndex(w => w.DoctorId);
    }
}
