using Clinic.Core.Scheduling;

namespace Clinic.MigrationWorker.Files;

/// <summary>What the seed files hold, checked: doctors in the order of their file.</summary>
/// <param name="Doctors">Each with treatments and hours.</param>
/// <param name="Fingerprint">Changes with the files' contents.</param>
internal sealed record SeedCatalog(IReadOnlyList<CatalogDoctor> Doctors, string Fingerprint);

/// <summary>A doctor before an id and a date were given. Hours are wall times in <see cref="Zone"/>.</summary>
internal sealed record CatalogDoctor
{
    /// <summary>Unique; the doctor's id is made from it, so that bookmarks outlive a reset.</summary>
    public required string Key { get; init; }

    public required string FullName { get; init; }

    public required string Specialty { get; init; }

    public required string City { get; init; }

    public required TimeZoneInfo Zone { get; init; }

    public string? About { get; init; }

    public required BookingRules Rules { get; init; }

    public required IReadOnlyList<WeeklyHours> Weekly { get; init; }

    /// <summary>At least one.</summary>
    public IReadOnlyList<CatalogTreatment> Treatments { get; init; } = [];

    public IReadOnlyList<CatalogWindow> Windows { get; init; } = [];
}

/// <summary>What a doctor offers; <paramref name="Name"/> is unique within the doctor.</summary>
internal sealed record CatalogTreatment(
    string Name, decimal Price, string Currency, int DurationMinutes, IReadOnlyList<Modality> Modalities);

/// <summary>
/// A dated window, so many days after the day of seeding. An <paramref name="End"/> that is not after
/// <paramref name="Start"/> lies on the following day.
/// </summary>
internal sealed record CatalogWindow(
    int InDays, TimeOnly Start, TimeOnly End, ExceptionKind Kind, WindowModality Modality, string? Reason)
{
    /// <summary>The window's wall times for a doctor whose local date is <paramref name="today"/>.</summary>
    public (DateTime Start, DateTime End) From(DateOnly today)
    {
        var date = today.AddDays(InDays);
        return (date.ToDateTime(Start), (End > Start ? date : date.AddDays(1)).ToDateTime(End));
    }
}
