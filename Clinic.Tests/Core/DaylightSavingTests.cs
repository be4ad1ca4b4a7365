using System.Globalization;
using Clinic.Core.Scheduling;
using static Clinic.Tests.Core.Calendars;

namespace Clinic.Tests.Core;

/// <summary>
/// R12: what is offered around changes of the clock, written out by hand. Skipped times are never offered, repeated ones
/// twice with their two offsets.
/// </summary>
public sealed class DaylightSavingTests
{
    [Theory]
    // No daylight saving.
    [InlineData("America/Lima", "2026-03-08", "01:00-03:00", "01:00-05:00 01:30-05:00 02:00-05:00 02:30-05:00")]
    // Forward at 02:00 to 03:00.
    [InlineData("Europe/Madrid", "2026-03-28", "01:00-04:00", "01:00+01:00 01:30+01:00 02:00+01:00 02:30+01:00 03:00+01:00 03:30+01:00")]
    [InlineData("Europe/Madrid", "2026-03-29", "01:00-04:00", "01:00+01:00 01:30+01:00 03:00+02:00 03:30+02:00")]
    [InlineData("Europe/Madrid", "2026-03-30", "01:00-04:00", "01:00+02:00 01:30+02:00 02:00+02:00 02:30+02:00 03:00+02:00 03:30+02:00")]
    [InlineData("America/New_York", "2026-03-07", "01:00-04:00", "01:00-05:00 01:30-05:00 02:00-05:00 02:30-05:00 03:00-05:00 03:30-05:00")]
    [InlineData("America/New_York", "2026-03-08", "01:00-04:00", "01:00-05:00 01:30-05:00 03:00-04:00 03:30-04:00")]
    [InlineData("America/New_York", "2026-03-09", "01:00-04:00", "01:00-04:00 01:30-04:00 02:00-04:00 02:30-04:00 03:00-04:00 03:30-04:00")]
    // Back at 03:00 to 02:00, and at 02:00 to 01:00.
    [InlineData("Europe/Madrid", "2026-10-24", "01:00-04:00", "01:00+02:00 01:30+02:00 02:00+02:00 02:30+02:00 03:00+02:00 03:30+02:00")]
    [InlineData("Europe/Madrid", "2026-10-25", "01:00-04:00", "01:00+02:00 01:30+02:00 02:00+02:00 02:30+02:00 02:00+01:00 02:30+01:00 03:00+01:00 03:30+01:00")]
    [InlineData("Europe/Madrid", "2026-10-26", "01:00-04:00", "01:00+01:00 01:30+01:00 02:00+01:00 02:30+01:00 03:00+01:00 03:30+01:00")]
    [InlineData("America/New_York", "2026-10-31", "00:00-03:00", "00:00-04:00 00:30-04:00 01:00-04:00 01:30-04:00 02:00-04:00 02:30-04:00")]
    [InlineData("America/New_York", "2026-11-01", "00:00-03:00", "00:00-04:00 00:30-04:00 01:00-04:00 01:30-04:00 01:00-05:00 01:30-05:00 02:00-05:00 02:30-05:00")]
    [InlineData("America/New_York", "2026-11-02", "00:00-03:00", "00:00-05:00 00:30-05:00 01:00-05:00 01:30-05:00 02:00-05:00 02:30-05:00")]
    // The gap lies at midnight: 6 September begins at 01:00. The repeated hour is the last of 4 April.
    [InlineData("America/Santiago", "2026-09-05", "00:00-02:00", "00:00-04:00 00:30-04:00 01:00-04:00 01:30-04:00")]
    [InlineData("America/Santiago", "2026-09-06", "00:00-02:00", "01:00-03:00 01:30-03:00")]
    [InlineData("America/Santiago", "2026-09-07", "00:00-02:00", "00:00-03:00 00:30-03:00 01:00-03:00 01:30-03:00")]
    [InlineData("America/Santiago", "2026-04-03", "22:00-00:00", "22:00-03:00 22:30-03:00 23:00-03:00 23:30-03:00")]
    [InlineData("America/Santiago", "2026-04-04", "22:00-00:00", "22:00-03:00 22:30-03:00 23:00-03:00 23:30-03:00 23:00-04:00 23:30-04:00")]
    [InlineData("America/Santiago", "2026-04-05", "22:00-00:00", "22:00-04:00 22:30-04:00 23:00-04:00 23:30-04:00")]
    // A night that is over a day before the change.
    [InlineData("Europe/Madrid", "2026-03-28", "23:00-02:00", "00:00+01:00 00:30+01:00 01:00+01:00 01:30+01:00 23:00+01:00 23:30+01:00")]
    // Half an hour only.
    [InlineData("Australia/Lord_Howe", "2026-10-03", "01:00-04:00", "01:00+10:30 01:30+10:30 02:00+10:30 02:30+10:30 03:00+10:30 03:30+10:30")]
    [InlineData("Australia/Lord_Howe", "2026-10-04", "01:00-04:00", "01:00+10:30 01:30+10:30 02:30+11:00 03:00+11:00 03:30+11:00")]
    [InlineData("Australia/Lord_Howe", "2026-10-05", "01:00-04:00", "01:00+11:00 01:30+11:00 02:00+11:00 02:30+11:00 03:00+11:00 03:30+11:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-04", "01:00-03:00", "01:00+11:00 01:30+11:00 02:00+11:00 02:30+11:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-05", "01:00-03:00", "01:00+11:00 01:30+11:00 01:30+10:30 02:00+10:30 02:30+10:30")]
    [InlineData("Australia/Lord_Howe", "2026-04-06", "01:00-03:00", "01:00+10:30 01:30+10:30 02:00+10:30 02:30+10:30")]
    public void R12_skipped_times_are_never_offered_and_repeated_ones_twice(string zone, string date, string hours, string expected)
    {
        var availability = Daily(zone, hours);

        var slots = availability.SlotsOn(date);

        Assert.Equal(expected, string.Join(' ', slots.Select(s => s.Start.InZone(availability.Zone).ToString("HH:mmzzz", CultureInfo.InvariantCulture))));
        Assert.All(slots, s => Assert.Equal(TimeSpan.FromMinutes(30), s.End - s.Start));
    }

    [Fact]
    public void R12_a_visit_over_the_skipped_hour_lasts_its_full_length()
    {
        var availability = Daily("Europe/Madrid", "01:00-04:00");

        var slots = availability.SlotsOn("2026-03-29", new VisitShape(TimeSpan.FromMinutes(60), ModalityRules.All));

        // From 01:30 an hour passes by 03:30; the window holds two hours in all.
        Assert.Equal("01:00 01:30 03:00", slots.Starts(availability));
    }

    [Fact]
    public void R12_a_window_within_the_skipped_hour_does_not_exist_that_day()
    {
        Assert.Empty(Daily("Europe/Madrid", "02:00-03:00").SlotsOn("2026-03-29"));
    }

    [Fact]
    public void R12_a_closure_that_ends_within_a_repeated_hour_lasts_until_its_second_run()
    {
        var availability = Daily("America/New_York", "00:00-03:00").With(Closed("2026-11-01T00:00", "2026-11-01T01:30"));

        var starts = availability.SlotsOn("2026-11-01").Select(s => s.Start.InZone(availability.Zone));

        Assert.Equal(DateTimeOffset.Parse("2026-11-01T01:30-05:00", CultureInfo.InvariantCulture), starts.First());
    }
}
