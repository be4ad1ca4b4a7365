using System.Globalization;
using Clinic.Core.Scheduling;
using Clinic.Web.Layout;
using Clinic.Web.Wording;

namespace Clinic.Web.Find;

/// <summary>A search for doctors as the query string of the page holds it. What is not set does not narrow the search.</summary>
public sealed record FindQuery
{
    public const int LongestText = 100;

    public string? Text { get; init; }

    public string? Specialty { get; init; }

    public string? City { get; init; }

    public Modality? Modality { get; init; }

    public decimal? MaxPrice { get; init; }

    /// <summary>Counts from 1.</summary>
    public int Page { get; init; } = 1;

    public bool Narrows => Filters.Any();

    /// <summary>What narrows the search, in words, each with the search that lets go of it.</summary>
    public IEnumerable<(string Words, FindQuery Without)> Filters
    {
        get
        {
            var first = this with { Page = 1 };
            if (Text is not null)
            {
                yield return ($"“{Text}”", first with { Text = null });
            }

            if (Specialty is not null)
            {
                yield return (Specialty, first with { Specialty = null });
            }

            if (City is not null)
            {
                yield return (City, first with { City = null });
            }

            if (Modality is { } modality)
            {
                yield return (Say.How(modality), first with { Modality = null });
            }

            if (MaxPrice is { } price)
            {
                yield return ($"up to {Say.Money(price, "PEN")}", first with { MaxPrice = null });
            }
        }
    }

    public string Href => Paths.With(
        Paths.Find,
        ("q", Text),
        ("specialty", Specialty),
        ("city", City),
        ("modality", Wire.Of(Modality)),
        ("maxPrice", MaxPrice?.ToString(CultureInfo.InvariantCulture)),
        ("page", Page > 1 ? Page.ToString(CultureInfo.InvariantCulture) : null));

    /// <summary>Reads what comes; empty fields and what makes no sense do not narrow the search.</summary>
    public static FindQuery Read(string? q, string? specialty, string? city, string? modality, string? maxPrice, string? page) => new()
    {
        Text = TextOf(q),
        Specialty = TextOf(specialty),
        City = TextOf(city),
        Modality = Wire.ReadModality(modality),
        MaxPrice = decimal.TryParse(maxPrice?.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && price is > 0 and < 1_000_000 ? price : null,
        Page = Wire.ReadPage(page),
    };

    private static string? TextOf(string? text)
    {
        var clean = new string([.. (text ?? "").Where(c => !char.IsControl(c))]).Trim();
        return clean.Length == 0 ? null : clean[..Math.Min(clean.Length, LongestText)];
    }
}
