using Clinic.Core.Scheduling;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Clinic.Tests.Core;

/// <summary>R12, R13: wall times mean what NodaTime says that they mean, for any time in zones of every kind.</summary>
public sealed class WallTimeProperties
{
    private static readonly string[] Zones =
    [
        "America/Lima", "Europe/Madrid", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu",
        "Europe/London", "Pacific/Auckland", "America/St_Johns", "Asia/Tokyo", "Pacific/Kiritimati", "UTC",
    ];

    /// <summary>Minutes of 2010 to 2026, every other one near a change of the clock, where it gets interesting.</summary>
    private static readonly Arbitrary<(string Zone, DateTime Wall)> WallTimes = (
        from zone in Gen.Elements(Zones)
        from nearChange in Gen.Elements(true, false)
        from minute in Gen.Choose(0, 17 * 365 * 24 * 60)
        from aside in Gen.Choose(-180, 180)
        let any = new DateTime(2010, 1, 1).AddMinutes(minute)
        select (zone, nearChange ? NextChange(zone, any).AddMinutes(aside) : any)).ToArbitrary();

    [Fact]
    public void R12_a_wall_time_happens_never_once_or_twice_as_NodaTime_has_it() =>
        Prop.ForAll(WallTimes, sample =>
        {
            var expected = Oracle(sample.Zone).MapLocal(LocalDateTime.FromDateTime(sample.Wall));

            var actual = TimeZones.Find(sample.Zone).InstantsAt(sample.Wall);

            return actual.SequenceEqual(Results(expected))
                && actual.Select(i => i.Offset).SequenceEqual(Results(expected).Select(i => i.Offset));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void R13_an_instant_belongs_to_a_window_exactly_when_its_wall_time_does() =>
        Prop.ForAll(WallTimes, Gen.Choose(1, 24 * 60).ToArbitrary(), (sample, length) =>
        {
            var zone = TimeZones.Find(sample.Zone);
            var (start, end) = (sample.Wall, sample.Wall.AddMinutes(length));

            var first = new DateTimeOffset(DateTime.SpecifyKind(start.AddHours(-16), DateTimeKind.Utc));
            var spans = zone.SteadyOffsetsIn(new Clinic.Core.Scheduling.Interval(first, first.AddHours(60))).Select(s => s.Between(start, end)).ToList();

            return Enumerable.Range(0, 60 * 60).Select(i => first.AddMinutes(i)).All(instant =>
            {
                var wall = Instant.FromDateTimeOffset(instant).InZone(Oracle(sample.Zone)).ToDateTimeUnspecified();
                return (start <= wall && wall < end) == spans.Any(s => s.Start <= instant && instant < s.End);
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void R12_steady_stretches_are_the_intervals_of_NodaTime_and_leave_nothing_out() =>
        Prop.ForAll(WallTimes, Gen.Choose(1, 400 * 24 * 60).ToArbitrary(), (sample, length) =>
        {
            var start = new DateTimeOffset(sample.Wall, TimeSpan.Zero);
            var range = new Clinic.Core.Scheduling.Interval(start, start.AddMinutes(length));
            var expected = Oracle(sample.Zone)
                .GetZoneIntervals(new NodaTime.Interval(Instant.FromDateTimeOffset(range.Start), Instant.FromDateTimeOffset(range.End)))
                .Select(i => i.WallOffset.ToTimeSpan());

            var actual = TimeZones.Find(sample.Zone).SteadyOffsetsIn(range);

            return actual.Select(s => s.Offset).SequenceEqual(expected)
                && actual[0].During.Start == range.Start
                && actual[^1].During.End == range.End
                && actual.Zip(actual.Skip(1)).All(pair => pair.First.During.End == pair.Second.During.Start);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void R30_a_local_day_begins_and_ends_where_NodaTime_says() =>
        Prop.ForAll(WallTimes, sample =>
        {
            var date = LocalDate.FromDateTime(sample.Wall);
            var oracle = Oracle(sample.Zone);

            var day = TimeZones.Find(sample.Zone).DaysBetween(date.ToDateOnly(), date.ToDateOnly());

            return day.Start == oracle.AtStartOfDay(date).ToDateTimeOffset()
                && day.End == oracle.AtStartOfDay(date.PlusDays(1)).ToDateTimeOffset();
        }).QuickCheckThrowOnFailure();

    private static DateTimeZone Oracle(string zone) => DateTimeZoneProviders.Tzdb[zone];

    private static IEnumerable<DateTimeOffset> Results(NodaTime.TimeZones.ZoneLocalMapping mapping) => mapping.Count switch
    {
        0 => [],
        1 => [mapping.Single().ToDateTimeOffset()],
        _ => [mapping.First().ToDateTimeOffset(), mapping.Last().ToDateTimeOffset()],
    };

    private static DateTime NextChange(string zone, DateTime after)
    {
        var interval = Oracle(zone).GetZoneInterval(Instant.FromDateTimeUtc(DateTime.SpecifyKind(after, DateTimeKind.Utc)));
        return interval.HasEnd && interval.End < Instant.FromUtc(2027, 1, 1, 0, 0) ? interval.IsoLocalEnd.ToDateTimeUnspecified() : after;
    }
}
