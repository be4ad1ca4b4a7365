using BenchmarkDotNet.Attributes;
using Clinic.Core.Scheduling;

namespace Clinic.Bench.Scenarios;

/// <summary>What <see cref="MicroScenario"/> measures; public and not sealed, because BenchmarkDotNet derives from it.</summary>
public class SlotCalculatorBenchmarks
{
    private static readonly VisitShape HalfHour = new(TimeSpan.FromMinutes(30), ModalityRules.All);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Availability _madrid = Daily("Europe/Madrid");
    private readonly Availability _lordHowe = Daily("Australia/Lord_Howe");
    private readonly List<BusyInterval> _week;
    private readonly List<BusyInterval> _year;

    public SlotCalculatorBenchmarks()
    {
        _week = Visits(_madrid, new DateOnly(2026, 2, 2), 7);
        _year = Visits(_madrid, new DateOnly(2026, 1, 2), 365);
    }

    [Benchmark(Description = "a week")]
    public int Week() => Count(_madrid, new DateOnly(2026, 2, 2), 7, _week);

    [Benchmark(Description = "a year")]
    public int Year() => Count(_madrid, new DateOnly(2026, 1, 2), 365, _year);

    [Benchmark(Description = "the day on which an hour is skipped, Madrid")]
    public int Skipped() => Count(_madrid, new DateOnly(2026, 3, 29), 1, []);

    [Benchmark(Description = "the day on which an hour is repeated, Madrid")]
    public int Repeated() => Count(_madrid, new DateOnly(2026, 10, 25), 1, []);

    [Benchmark(Description = "the day on which half an hour is repeated, Lord Howe")]
    public int HalfRepeated() => Count(_lordHowe, new DateOnly(2026, 4, 5), 1, []);

    private static int Count(Availability availability, DateOnly from, int days, List<BusyInterval> busy) =>
        SlotCalculator.FreeSlots(availability, HalfHour, availability.Zone.DaysBetween(from, from.AddDays(days - 1)), busy, Now).Count;

    private static Availability Daily(string zone) => new(
        TimeZones.Find(zone),
        new BookingRules(SlotMinutes: 30, BufferMinutes: 10, MinNoticeMinutes: 0, HorizonDays: 1_000),
        [.. Enum.GetValues<DayOfWeek>().Select(day => new WeeklyHours(day, new TimeOnly(8, 0), new TimeOnly(18, 0)))],
        []);

    private static List<BusyInterval> Visits(Availability availability, DateOnly from, int days)
    {
        var range = availability.Zone.DaysBetween(from, from.AddDays(days - 1));
        var all = SlotCalculator.FreeSlots(availability, HalfHour, range, [], Now);
        // With the buffer around it one visit takes three times away; two of five remain.
        return [.. all.Where((_, i) => i % 5 == 0).Select(s => new BusyInterval(new Interval(s.Start.ToUniversalTime(), s.End.ToUniversalTime())))];
    }
}
