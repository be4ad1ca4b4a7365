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

/// <summary>A doctor with all that a patient needs to choose a treatment.</summary>
public sealed record DoctorDetails(
    Guid Id,
    string FullName,
    string Specialty,
    string City,
    string TimeZone,
    string? About,
    IReadOnlyList<Modality> Modalities,
    IReadOnlyList<TreatmentDetails> Treatments);

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
