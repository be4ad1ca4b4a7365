using System.Globalization;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;

namespace Clinic.Web.Wording;

/// <summary>How values are written in query strings, of the API's as of our own pages, and read back from whatever comes.</summary>
public static class Wire
{
    private const string DateFormat = "yyyy-MM-dd";

    public static string Of(DateOnly date) => date.ToString(DateFormat, CultureInfo.InvariantCulture);

    /// <summary>In UTC: it stays the same instant whatever zone the viewer changes to, and needs no escaping.</summary>
    public static string Of(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(Modality modality) => modality switch
    {
        Modality.InPerson => "in_person",
        Modality.Online => "online",
        _ => throw new ArgumentOutOfRangeException(nameof(modality), modality, null),
    };

    public static string? Of(Modality? modality) => modality is { } known ? Of(known) : null;

    public static Modality? ReadModality(string? text) => text switch
    {
        "in_person" => Modality.InPerson,
        "online" => Modality.Online,
        _ => null,
    };

    public static DateOnly? ReadDate(string? text) =>
        DateOnly.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    /// <summary>
    /// An instant with its offset, of this century: at the ends of the calendar local times would overflow. A plus sign
    /// that nobody escaped arrives as a space and is taken for what it was.
    /// </summary>
    public static DateTimeOffset? ReadInstant(string? text) =>
        Instants.TryParse(text?.Replace(' ', '+'), out var instant) && instant.Year is >= 2000 and < 2100 ? instant : null;

    /// <summary>The number of a page, from 1; the first for anything else.</summary>
    public static int ReadPage(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 100_000 ? number : 1;

    public static Guid? ReadId(string? text) => Guid.TryParse(text, out var id) ? id : null;
}
