using System.Text.Json;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;

namespace Clinic.Api.Slots;

/// <summary>Local days, both included.</summary>
internal readonly record struct Dates(DateOnly First, DateOnly Last);

/// <summary>A doctor's free times, to be listed by the viewer's days.</summary>
/// <param name="DoctorId">Whose they are.</param>
/// <param name="Zone">The viewer's.</param>
/// <param name="Dates">Each of them is listed, with free times or without.</param>
/// <param name="Slots">By start.</param>
/// <param name="Until">The first instant at which they may be others, while nobody changes the calendar.</param>
internal sealed record FreeTimes(Guid DoctorId, TimeZoneInfo Zone, Dates Dates, IReadOnlyList<Slot> Slots, DateTimeOffset Until)
{
    /// <summary>
    /// As JSON, byte for byte what the serializer makes of a <see cref="DoctorSlots"/>, which a test holds it to. Written by hand
    /// because this is what the API writes most of: it needs none of the objects, and asks the zone once, not twice a slot.
    /// </summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString(Names.DoctorId, DoctorId);
        json.WriteString(Names.TimeZone, Zone.Id);
        json.WriteStartArray(Names.Days);
        WriteDays(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteDays(Utf8JsonWriter json)
    {
        var clock = new ZoneClock(Zone, Slots is [] ? default : new Interval(Slots[0].Start, Slots[^1].End));
        var next = 0;
        Span<byte> text = stackalloc byte[10];
        for (var date = Dates.First; date <= Dates.Last; date = date.AddDays(1))
        {
            json.WriteStartObject();
            date.TryFormat(text, out _, "O");
            json.WriteString(Names.Date, text);
            json.WriteStartArray(Names.Slots);
            for (; next < Slots.Count; next++)
            {
                var start = clock.At(Slots[next].Start);
                if (DateOnly.FromDateTime(start.DateTime) > date)
                {
                    break;
                }

                json.WriteStartObject();
                json.WriteString(Names.Start, start);
                json.WriteString(Names.End, clock.At(Slots[next].End));
                json.WriteString(Names.Modality, Names.Of(Slots[next].Modalities[0]));
                json.WriteStartArray(Names.Modalities);
                foreach (var modality in Slots[next].Modalities)
                {
                    json.WriteStringValue(Names.Of(modality));
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static class Names
    {
        public static readonly JsonEncodedText DoctorId = JsonEncodedText.Encode("doctorId");
        public static readonly JsonEncodedText TimeZone = JsonEncodedText.Encode("timeZone");
        public static readonly JsonEncodedText Days = JsonEncodedText.Encode("days");
        public static readonly JsonEncodedText Date = JsonEncodedText.Encode("date");
        public static readonly JsonEncodedText Slots = JsonEncodedText.Encode("slots");
        public static readonly JsonEncodedText Start = JsonEncodedText.Encode("start");
        public static readonly JsonEncodedText End = JsonEncodedText.Encode("end");
        public static readonly JsonEncodedText Modality = JsonEncodedText.Encode("modality");
        public static readonly JsonEncodedText Modalities = JsonEncodedText.Encode("modalities");

        private static readonly JsonEncodedText InPerson = JsonEncodedText.Encode("in_person");
        private static readonly JsonEncodedText Online = JsonEncodedText.Encode("online");

        public static JsonEncodedText Of(Core.Scheduling.Modality modality) => modality == Core.Scheduling.Modality.Online ? Online : InPerson;
    }
}
