using Clinic.Core.Scheduling;
using static Clinic.Tests.Core.Calendars;

namespace Clinic.Tests.Core;

/// <summary>Which visits lie in open hours, and which a change of the hours leaves outside of them.</summary>
public sealed class OpenHoursTests
{
    // 09:00 to 12:00 in Lima, which is 14:00 to 17:00 UTC.
    private static readonly Availability Morning = Daily("America/Lima", "09:00-12:00");

    [Theory]
    [InlineData("2026-03-02T14:00", "2026-03-02T17:00", true)]
    [InlineData("2026-03-02T14:07", "2026-03-02T14:21", true)]
    [InlineData("2026-03-02T13:59", "2026-03-02T14:30", false)]
    [InlineData("2026-03-02T16:30", "2026-03-02T17:01", false)]
    public void A_visit_lies_in_open_hours_whatever_grid_notice_and_horizon_say(string start, string end, bool expected)
    {
        var strict = Morning with { Rules = new BookingRules(SlotMinutes: 240, BufferMinutes: 240, MinNoticeMinutes: 43_200, HorizonDays: 1) };

        Assert.Equal(expected, strict.IsOpenFor(new Interval(Utc(start), Utc(end)), Modality.InPerson));
    }

    [Fact]
    public void Windows_of_one_modality_and_closures_of_one_modality_count_for_that_one()
    {
        var visit = new Interval(Utc("2026-03-02T14:00"), Utc("2026-03-02T14:30"));
        var online = Daily("America/Lima", "09:00-12:00", modality: WindowModality.Online);
        var closed = Morning.With(Closed("2026-03-02T09:00", "2026-03-02T10:00", WindowModality.Online));

        Assert.Equal((false, true), (online.IsOpenFor(visit, Modality.InPerson), online.IsOpenFor(visit, Modality.Online)));
        Assert.Equal((true, false), (closed.IsOpenFor(visit, Modality.InPerson), closed.IsOpenFor(visit, Modality.Online)));
    }

    [Fact]
    public void R30_a_visit_over_midnight_lies_in_a_shift_over_midnight_or_in_two_that_touch()
    {
        // 23:45 to 00:15 in Lima.
        var visit = new Interval(Utc("2026-03-03T04:45"), Utc("2026-03-03T05:15"));

        Assert.True(Daily("America/Lima", "22:00-02:00").IsOpenFor(visit, Modality.InPerson));
        Assert.True(Daily("America/Lima", "22:00-00:00").With(Open("2026-03-03T00:00", "2026-03-03T01:00")).IsOpenFor(visit, Modality.InPerson));
        Assert.False(Daily("America/Lima", "22:00-00:00").IsOpenFor(visit, Modality.InPerson));
    }

    [Fact]
    public void Only_a_visit_that_lay_in_open_hours_is_stranded()
    {
        var (within, outside) = (new Interval(Utc("2026-03-02T14:00"), Utc("2026-03-02T14:30")), new Interval(Utc("2026-03-02T20:00"), Utc("2026-03-02T20:30")));
        var afternoon = Daily("America/Lima", "14:00-17:00");

        Assert.True(afternoon.Strands(Morning, within, Modality.InPerson));
        Assert.False(Daily("America/Lima", "13:00-14:00").Strands(Morning, outside, Modality.InPerson));
        Assert.False(Morning.Strands(Morning, within, Modality.InPerson));
    }

    [Fact]
    public void R13_the_same_hours_in_another_zone_strand_a_visit()
    {
        var visit = new Interval(Utc("2026-03-02T14:00"), Utc("2026-03-02T14:30"));

        Assert.True((Morning with { Zone = TimeZones.Find("Europe/Madrid") }).Strands(Morning, visit, Modality.InPerson));
    }
}
