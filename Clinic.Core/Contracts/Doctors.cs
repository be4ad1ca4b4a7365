using Clinic.Core.Scheduling;

namespace Clinic.Core.Contracts;

/// <summary>A doctor as the search lists them.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="FullName">Name as it is shown, title included.</param>
/// <param name="Specialty">One word or two, as <c>Cardiology</c>.</param>
/// <param name="City">Where in-person visits take place.</param>
/// <param name="TimeZone">IANA zone in which the doctor's hours are kept.</param>
/// <param name="Modalities">The modalities of at least one treatment.</param>
/// <param name="FromPrice">Price of the cheapest treatment; null without treatments.</param>
/// <param name="Currency">ISO 4217 code of <paramref name="FromPrice"/>.</param>
public sealed record DoctorSummary(
    Guid Id,
    string FullName,
    string Specialty,
    string City,
    string TimeZone,
    IReadOnlyList<Modality> Modalities,
    decimal? FromPrice,
    string? Currency);

/// <summary>
/// A doctor with all that a patient needs to choose a treatment. <paramref name="HorizonDays"/> is how many days after today
/// can be booked, <paramref name="ChangeNoticeMinutes"/> how long before its start a patient can still move or cancel a visit.
/// </summary>
public sealed record DoctorDetails(
    Guid Id,
    string FullName,
    string Specialty,
    string City,
    string TimeZone,
    string? About,
    IReadOnlyList<Modality> Modalities,
    IReadOnlyList<TreatmentDetails> Treatments,
    int HorizonDays,
    int ChangeNoticeMinutes);

/// <summary>What a doctor offers, by name, price and length.</summary>
public sealed record TreatmentDetails(
    Guid Id,
    string Name,
    decimal Price,
    string Currency,
    int DurationMinutes,
    IReadOnlyList<Modality> Modalities);

/// <summary>The specialties and cities that doctors have, sorted: what a search can be narrowed to.</summary>
public sealed record SearchChoices(IReadOnlyList<string> Specialties, IReadOnlyList<string> Cities);

/// <summary>A doctor's record, to be made or replaced. Hours and booking rules are the schedule's.</summary>
public sealed record DoctorRecord
{
    /// <summary>As it is shown, title included.</summary>
    public required string FullName { get; init; }

    public required string Specialty { get; init; }

    public required string City { get; init; }

    /// <summary>IANA zone in which the hours are kept. A change moves the hours, so booked visits may fall out of them.</summary>
    public required string TimeZone { get; init; }

    /// <summary>What patients read before they choose; up to 2,000 characters.</summary>
    public string? About { get; init; }
}

/// <summary>A treatment, to be added or replaced. Visits that are booked keep their length.</summary>
public sealed record TreatmentRecord
{
    /// <summary>Unique among the doctor's treatments.</summary>
    public required string Name { get; init; }

    /// <summary>0 to 99,999,999.99, with at most two decimals.</summary>
    public required decimal Price { get; init; }

    /// <summary>ISO 4217 code, as <c>PEN</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>5 to 480.</summary>
    public required int DurationMinutes { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<Modality> Modalities { get; init; }
}
