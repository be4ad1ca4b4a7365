using Clinic.Core.Scheduling;
using static Clinic.Tests.Core.Calendars;

namespace Clinic.Tests.Core;

/// <summary>R10: everything that takes a time away is told, not only the first thing.</summary>
public sealed class SlotExplainerTests
{
    private static readonly DateTimeOffset Now = Utc("2026-03-02T14:05");

    // 09:00 to 12:00 in Lima, which is 14:00 to 17:00 UTC.
    private static readonly Availability Doctor = Daily(
        "America/Lima", "09:00-12:00", new BookingRules(SlotMinutes: 30, BufferMinutes: 10, MinNoticeMinutes: 60, HorizonDays: 30));

    [Theory]
    [InlineData("2026-03-03T14:00", "")]
    [InlineData("2026-03-02T14:00", "InThePast")]
    [InlineData("2026-03-02T15:00", "TooSoon")]
    [InlineData("2026-04-02T14:07", "BeyondHorizon NotOnGrid")]
    [InlineData("2026-03-03T13:30", "OutsideAvailability")]
    [InlineData("2026-03-03T17:00", "OutsideAvailability")]
    [InlineData("2026-03-03T16:45", "ByClosingTime NotOnGrid")]
    [InlineData("2026-03-02T13:00", "InThePast OutsideAvailability")]
    public void R10_each_rule_that_takes_a_time_away_is_told(string start, string expected)
    {
        Assert.Equal(expected, Explain(Doctor, start));
    }

    [Fact]
    public void R10_every_closure_and_every_visit_in_the_way_is_told_and_which_does_it_by_its_buffer()
    {
        var closed = Doctor.With(
            Closed("2026-03-03T10:00", "2026-03-03T10:10"),
            Closed("2026-03-03T10:15", "2026-03-03T18:00", WindowModality.Online),
            Closed("2026-03-03T10:20", "2026-03-03T18:00"));

        Assert.Equal(
            "Closed 10:00 Closed 10:20 Buffer Visit Buffer",
            Explain(
                closed,
                "2026-03-03T15:00",
                Busy("2026-03-03T14:30", "2026-03-03T14:55"),
                Busy("2026-03-03T15:10", "2026-03-03T15:20"),
                Busy("2026-03-03T15:35", "2026-03-03T15:50"),
                Busy("2026-03-03T15:40", "2026-03-03T16:00")));
    }

    [Fact]
    public void R11_a_lapsed_hold_takes_nothing_away()
    {
        var hold = Busy("2026-03-03T15:00", "2026-03-03T15:30");

        Assert.Equal("Visit", Explain(Doctor, "2026-03-03T15:00", hold with { FreeFrom = Now.AddTicks(1) }));
        Assert.Equal("", Explain(Doctor, "2026-03-03T15:00", hold with { FreeFrom = Now }));
    }

    private static string Explain(Availability doctor, string start, params BusyInterval[] busy) => string.Join(' ', SlotExplainer
        .Explain(doctor, new Interval(Utc(start), Utc(start).AddMinutes(30)), Modality.InPerson, busy, Now)
        .Select(refusal => refusal switch
        {
            TimeRefusal.ByRule rule => rule.Rule.ToString(),
            TimeRefusal.ByClosure closure => $"Closed {closure.Closure.Start:HH:mm}",
            TimeRefusal.ByVisit { InBuffer: true } => "Buffer",
            TimeRefusal.ByVisit => "Visit",
            _ => refusal.GetType().Name,
        }));
}
