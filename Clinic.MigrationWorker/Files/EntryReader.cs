using System.Text.Json;
using System.Text.RegularExpressions;
using Clinic.Core.Contracts;
using Clinic.MigrationWorker.Configuration;

namespace Clinic.MigrationWorker.Files;

/// <summary>
/// Reads one JSON object field by field and notes every problem with its place, where deserializing would stop at the
/// first. A field that is wrong reads as null; whoever reads asks <see cref="IsSound"/> before building on it.
/// </summary>
internal sealed class EntryReader
{
    private readonly string _place;
    private readonly SeedProblems _problems;
    private readonly EntryReader? _parent;
    private readonly Dictionary<string, JsonElement> _fields = [];
    private readonly List<string> _asked = [];
    private readonly bool _isObject;

    private EntryReader(string place, JsonElement element, SeedProblems problems, EntryReader? parent)
    {
        (_place, _problems, _parent) = (place, problems, parent);
        _isObject = element.ValueKind == JsonValueKind.Object;
        if (!_isObject)
        {
            Problem("must be an object, { … }.");
            return;
        }

        foreach (var field in element.EnumerateObject())
        {
            if (!_fields.TryAdd(field.Name, field.Value))
            {
                Problem($"'{field.Name}' stands twice.");
            }
        }
    }

    /// <summary>Whether nothing was found wrong so far, in this object or in those that it holds.</summary>
    public bool IsSound { get; private set; } = true;

    public static EntryReader OfEntry(string file, int number, string keyName, JsonElement entry, SeedProblems problems)
    {
        var key = entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(keyName, out var value) && TextOf(value) is { Length: <= 100 } text
            ? $" ({text})"
            : "";
        return new EntryReader($"{file}, entry {number}{key}", entry, problems, parent: null);
    }

    public void Problem(string reason)
    {
        _problems.Add(_place, reason);
        for (var reader = this; reader is not null; reader = reader._parent)
        {
            reader.IsSound = false;
        }
    }

    /// <summary>To be called last: whatever was not asked for is probably a typo.</summary>
    public void AllowNoOthers()
    {
        foreach (var other in _fields.Keys.Except(_asked))
        {
            Problem($"'{other}' is not a field{Suggestion.For(other, _asked)}.");
        }
    }

    public string? Text(string name, int maxLength, bool required = true, Regex? pattern = null, string? expected = null)
    {
        if (Field(name, required) is not { } field)
        {
            return null;
        }

        expected ??= $"text of 1 to {maxLength} characters on one line, without spaces around it";
        var text = TextOf(field);
        if (text is not null
            && text.Length <= maxLength
            && !string.IsNullOrWhiteSpace(text)
            && text.Trim().Length == text.Length
            && !text.Any(char.IsControl)
            && pattern?.IsMatch(text) != false)
        {
            return text;
        }

        Wrong(name, field, expected);
        return null;
    }

    public int? Integer(string name, int least, int most, int multipleOf = 1)
    {
        if (Field(name) is not { } field)
        {
            return null;
        }

        if (field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out var number)
            && number >= least && number <= most && number % multipleOf == 0)
        {
            return number;
        }

        Wrong(name, field, multipleOf == 1 ? $"a whole number from {least} to {most}" : $"a multiple of {multipleOf} from {least} to {most}");
        return null;
    }

    /// <summary>An amount with at most two decimals.</summary>
    public decimal? Amount(string name, decimal most)
    {
        if (Field(name) is not { } field)
        {
            return null;
        }

        if (field.ValueKind == JsonValueKind.Number && field.TryGetDecimal(out var amount)
            && amount >= 0 && amount <= most && decimal.Round(amount, 2) == amount)
        {
            return amount;
        }

        Wrong(name, field, $"an amount from 0 to {most} with at most two decimals");
        return null;
    }

    /// <summary>A value of an enum, named as in the HTTP contract.</summary>
    public T? Choice<T>(string name)
        where T : struct, Enum =>
        Field(name) is { } field ? ChoiceOf<T>(name, field) : null;

    /// <summary>A list of different values of an enum, at least one.</summary>
    public IReadOnlyList<T>? Choices<T>(string name)
        where T : struct, Enum
    {
        if (Field(name) is not { } field)
        {
            return null;
        }

        if (field.ValueKind != JsonValueKind.Array || field.GetArrayLength() == 0)
        {
            Wrong(name, field, $"a list of one or more of {Names<T>()}");
            return null;
        }

        var choices = field.EnumerateArray().Select(e => ChoiceOf<T>(name, e)).OfType<T>().ToList();
        if (choices.Distinct().Count() < choices.Count)
        {
            Problem($"{name} names the same value twice.");
        }

        return choices;
    }

    /// <summary>A wall time HH:mm on the quarter hour.</summary>
    public TimeOnly? QuarterHour(string name)
    {
        if (Field(name) is not { } field)
        {
            return null;
        }

        try
        {
            var time = field.Deserialize<TimeOnly>(ClinicJson.Options);
            if (time.Minute % Grid.Minutes == 0)
            {
                return time;
            }
        }
        catch (JsonException)
        {
            // Told below, with what would be right.
        }

        Wrong(name, field, "a local time HH:mm on the quarter hour, 00:00 to 23:45");
        return null;
    }

    /// <summary>False where it is not given.</summary>
    public bool Flag(string name)
    {
        if (Field(name, required: false) is not { } field)
        {
            return false;
        }

        if (field.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Wrong(name, field, "true or false");
        }

        return field.ValueKind == JsonValueKind.True;
    }

    public EntryReader? Object(string name) =>
        Field(name) is { } field ? new EntryReader($"{_place}, {name}", field, _problems, this) : null;

    /// <summary>A list of objects, at least one; none where the field is wrong.</summary>
    public IReadOnlyList<EntryReader> Objects(string name, int most)
    {
        if (Field(name) is not { } field)
        {
            return [];
        }

        if (field.ValueKind != JsonValueKind.Array || field.GetArrayLength() == 0 || field.GetArrayLength() > most)
        {
            Wrong(name, field, $"a list of 1 to {most} objects");
            return [];
        }

        return [.. field.EnumerateArray().Select((e, i) => new EntryReader($"{_place}, {name} {i + 1}", e, _problems, this))];
    }

    private static string? TextOf(JsonElement field)
    {
        try
        {
            return field.ValueKind == JsonValueKind.String ? field.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: valid JSON, but not text.
            return null;
        }
    }

    private static string Names<T>()
        where T : struct, Enum =>
        string.Join(", ", Enum.GetValues<T>().Select(NameOf));

    private static string NameOf<T>(T value)
        where T : struct, Enum =>
        JsonSerializer.SerializeToElement(value, ClinicJson.Options).GetString()!;

    private T? ChoiceOf<T>(string name, JsonElement field)
        where T : struct, Enum
    {
        var text = TextOf(field);
        foreach (var value in Enum.GetValues<T>())
        {
            if (NameOf(value) == text)
            {
                return value;
            }
        }

        Wrong(name, field, $"one of {Names<T>()}");
        return null;
    }

    private JsonElement? Field(string name, bool required = true)
    {
        _asked.Add(name);
        if (_fields.TryGetValue(name, out var field) && field.ValueKind != JsonValueKind.Null)
        {
            return field;
        }

        if (required && _isObject)
        {
            Problem($"'{name}' is missing.");
        }

        return null;
    }

    private void Wrong(string name, JsonElement field, string expected)
    {
        const int Enough = 60;
        var raw = field.GetRawText();
        Problem($"{name} is {(raw.Length <= Enough ? raw : raw[..Enough] + "…")}: give {expected}.");
    }
}
