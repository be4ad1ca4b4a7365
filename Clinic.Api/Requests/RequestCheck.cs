using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;

namespace Clinic.Api.Requests;

/// <summary>
/// Reads fields of a request and gathers what is wrong with them, so that the caller learns all of it at once;
/// <see cref="Done"/> refuses the request if anything was.
/// </summary>
internal sealed partial class RequestCheck
{
    private Dictionary<string, List<string>>? _errors;

    public void Add(string field, string message)
    {
        _errors ??= [];
        if (!_errors.TryGetValue(field, out var messages))
        {
            _errors.Add(field, messages = []);
        }

        messages.Add(message);
    }

    public void Require(string field, bool holds, string message)
    {
        if (!holds)
        {
            Add(field, message);
        }
    }

    /// <exception cref="ClinicProblem">400 <c>invalid_request</c> with all that was found.</exception>
    public void Done()
    {
        if (_errors is not null)
        {
            throw ClinicProblem.Invalid(_errors.ToDictionary(e => e.Key, e => e.Value.ToArray()));
        }
    }

    /// <summary>Trimmed text without control characters; null when there is none.</summary>
    public string? Text(string field, string? value, int maxLength, bool lineBreaks = false)
    {
        var text = value?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        Require(field, text.Length <= maxLength, $"Is longer than {maxLength} characters.");
        Require(field, !text.Any(c => char.IsControl(c) && !(lineBreaks && c is '\n' or '\r' or '\t')), "Holds control characters.");
        Require(field, !HasLoneSurrogate(text), "Is not valid Unicode.");
        return text;
    }

    public string RequiredText(string field, string? value, int maxLength)
    {
        var text = Text(field, value, maxLength);
        Require(field, text is not null, "Is required.");
        return text ?? "";
    }

    public void Range(string field, long value, long min, long max) =>
        Require(field, min <= value && value <= max, $"Must be from {min} to {max}.");

    public string? Email(string field, string? value)
    {
        var email = Text(field, value, 254)?.ToLowerInvariant();
        Require(field, email is null || EmailAddress().IsMatch(email), "Is not an e-mail address.");
        return email;
    }

    public string RequiredEmail(string field, string? value)
    {
        var email = Email(field, value);
        Require(field, email is not null, "Is required.");
        return email ?? "";
    }

    public string? Phone(string field, string? value)
    {
        var phone = Text(field, value, 32);
        Require(field, phone is null || PhoneNumber().IsMatch(phone), "Is not a phone number: digits, spaces, dashes, dots, brackets and a leading plus.");
        return phone;
    }

    public string? DocumentNumber(string field, string? value)
    {
        var number = Text(field, value, 20)?.ToUpperInvariant();
        Require(field, number is null || Document().IsMatch(number), "Is not a document number: 4 to 20 letters, digits and dashes.");
        return number;
    }

    public int Int(string field, string? value, int missing, int min, int max)
    {
        if (string.IsNullOrEmpty(value))
        {
            return missing;
        }

        var isNumber = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        Require(field, isNumber && min <= number && number <= max, $"Must be a whole number from {min} to {max}.");
        return number;
    }

    public decimal? Price(string field, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        var isNumber = decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        Require(field, isNumber, "Must be an amount such as 120.50.");
        return number;
    }

    public Guid? Id(string field, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        Require(field, Guid.TryParse(value, out var id), "Must be a UUID.");
        return id;
    }

    /// <summary>A repeated parameter; null when it is not given at all.</summary>
    public IReadOnlyList<Guid>? Ids(string field, string[]? values)
    {
        if (values is null or [])
        {
            return null;
        }

        Require(field, values.Length <= RequestLimits.MaxPageSize, $"Is given more than {RequestLimits.MaxPageSize} times.");
        return [.. values.Select(value => Id(field, value) ?? Guid.Empty).Distinct()];
    }

    public DateOnly? Date(string field, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        // The first and the last years of the calendar leave no room for offsets and for the days around.
        if (DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 2000 and <= 2200)
        {
            return date;
        }

        Add(field, "Must be a date YYYY-MM-DD between 2000 and 2200.");
        return null;
    }

    /// <summary>An instant with its offset.</summary>
    public DateTimeOffset RequiredInstant(string field, string? value)
    {
        // The same years as for dates, and for the same reason.
        if (Instants.TryParse(value, out var instant) && instant.UtcDateTime.Year is >= 2000 and <= 2200)
        {
            return instant;
        }

        Add(field, string.IsNullOrEmpty(value)
            ? "Is required."
            : "Must be an RFC 3339 instant with an offset between 2000 and 2200, as 2026-03-02T09:00:00-05:00.");
        return default;
    }

    /// <summary>A value of an enum by its snake_case name, as <c>in_person</c>.</summary>
    public T? Choice<T>(string field, string? value)
        where T : struct, Enum
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        foreach (var choice in Enum.GetValues<T>())
        {
            if (NameOf(choice) == value)
            {
                return choice;
            }
        }

        Add(field, $"Must be one of {string.Join(", ", Enum.GetValues<T>().Select(NameOf))}.");
        return null;
    }

    /// <exception cref="ClinicProblem">400 <c>unknown_time_zone</c>, at once.</exception>
    public static TimeZoneInfo? Zone(string? name) => string.IsNullOrEmpty(name)
        ? null
        : TimeZones.TryFind(name, out var zone) ? zone : throw ClinicProblem.UnknownTimeZone(name);

    private static string NameOf<T>(T choice)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(choice.ToString());

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"^[^@\s<>()\[\],;:\\""]+@[^@\s<>()\[\],;:\\""]+\.[^@\s<>()\[\],;:\\"".]+\z")]
    private static partial Regex EmailAddress();

    [GeneratedRegex(@"^\+?[0-9][0-9 ().\-]{4,30}\z")]
    private static partial Regex PhoneNumber();

    [GeneratedRegex(@"^[A-Z0-9][A-Z0-9\-]{3,19}\z")]
    private static partial Regex Document();
}
