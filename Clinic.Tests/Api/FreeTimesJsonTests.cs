using System.Text;
using System.Text.Json;
using Clinic.Api.Slots;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;

namespace Clinic.Tests.Api;

/// <summary>What is written by hand is what the serializer would write.</summary>
public sealed class FreeTimesJsonTests
{
    private static readonly Guid DoctorId = Guid.Parse("01890000-0000-7000-8000-00000000000a");

    [Theory]
    [InlineData("America/Lima", "2030-03-05T14:00")]
    [InlineData("Asia/Kathmandu", "2030-03-05T14:00")]
    // Clocks go forward and back between two slots, and within one.
    [InlineData("Europe/Madrid", "2030-03-30T22:00")]
    [InlineData("America/New_York", "2030-11-03T02:15")]
    // The day that Samoa never had.
    [InlineData("Pacific/Apia", "2011-12-29T20:00")]
    public void R14_free_times_are_written_as_the_contract_has_them(string zoneName, string firstStart)
    {
        var zone = TimeZones.Find(zoneName);
        var first = new DateTimeOffset(DateTime.Parse(firstStart), TimeSpan.Zero);
        Slot[] slots = [.. Enumerable.Range(0, 40).Select(n => new Slot(
            first.AddMinutes(45 * n), first.AddMinutes((45 * n) + 40), n % 3 == 0 ? ModalityRules.All : [(Modality)(n % 2)]))];
        // One day before the first slot, and some after the last.
        var dates = new Dates(zone.DateAt(first).AddDays(-1), zone.DateAt(slots[^1].Start).AddDays(2));

        AssertSame(new FreeTimes(DoctorId, zone, dates, slots, first));
        AssertSame(new FreeTimes(DoctorId, zone, dates, [], first));
    }

    private static void AssertSame(FreeTimes times)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            times.Write(json);
        }

        Assert.Equal(JsonSerializer.Serialize(Contract(times), ClinicJson.Options), Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static DoctorSlots Contract(FreeTimes times)
    {
        var byDate = times.Slots.ToLookup(s => times.Zone.DateAt(s.Start));
        var dates = Enumerable.Range(0, times.Dates.Last.DayNumber - times.Dates.First.DayNumber + 1).Select(times.Dates.First.AddDays);
        return new DoctorSlots(
            times.DoctorId,
            times.Zone.Id,
            [.. dates.Select(date => new SlotDay(
                date,
                [.. byDate[date].Select(s => new SlotView(s.Start.InZone(times.Zone), s.End.InZone(times.Zone), s.Modalities[0], s.Modalities))]))]);
    }
}
