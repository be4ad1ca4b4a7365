using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clinic.Core.Contracts;

/// <summary>How the records of this folder are written as JSON; the API and its clients share it.</summary>
public static class ClinicJson
{
    public static readonly JsonSerializerOptions Options = Create();

    public static void Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new ExactTimeConverter<TimeOnly>("HH:mm", "a local time HH:mm", TimeOnly.TryParseExact));
        options.Converters.Add(new ExactTimeConverter<DateTime>("yyyy-MM-dd'T'HH:mm", "a local date-time YYYY-MM-DDTHH:mm", DateTime.TryParseExact));
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>An instant must say its offset: without one it would silently be read in the server's zone.</summary>
    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Instants.TryParse(reader.GetString(), out var instant)
                ? instant
                : throw new JsonException("Expected an RFC 3339 instant with an offset, as 2026-03-02T09:00:00-05:00.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }

    private delegate bool TryParseExact<T>(string text, string format, IFormatProvider culture, DateTimeStyles styles, out T value);

    private sealed class ExactTimeConverter<T>(string format, string expected, TryParseExact<T> parse) : JsonConverter<T>
        where T : struct, IFormattable
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
                && parse(reader.GetString()!, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var value)
                ? value
                : throw new JsonException($"Expected {expected}.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(format, CultureInfo.InvariantCulture));
    }
}
