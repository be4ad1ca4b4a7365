using System.Globalization;
using Clinic.Bench.Load;
using Clinic.Bench.Reporting;
using Clinic.Bench.Running;

namespace Clinic.Bench.Scenarios;

/// <summary>What happens to the same requests when there are more visits, more doctors, or more instances of the API.</summary>
internal static class GrowthScenario
{
    private const int FewDoctors = 10;
    private const int ManyDoctors = 500;

    /// <summary>The earliest free times of all doctors in the next 14 days.</summary>
    public static byte[] SearchRequest()
    {
        var from = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(1);
        return RequestBytes.Get(string.Create(CultureInfo.InvariantCulture, $"/api/slots?from={from:yyyy-MM-dd}&to={from.AddDays(13):yyyy-MM-dd}&limit=20"));
    }

    public static async Task RunAsync(BenchSettings settings, Report report, CancellationToken cancellationToken)
    {
        await VisitsAsync(settings, report, cancellationToken);
        await DoctorsAsync(settings, report, cancellationToken);
        await ReplicasAsync(settings, report, cancellationToken);
    }

    private static async Task VisitsAsync(BenchSettings settings, Report report, CancellationToken cancellationToken)
    {
        await using var small = await RunningClinic.StartAsync(Stage.SizeOf(settings.Doctors, settings.SmallVisits), cancellationToken);
        await using var large = await RunningClinic.StartAsync(Stage.SizeOf(settings.Doctors, settings.LargeVisits), cancellationToken);
        var pairs = new List<(string What, Measurement Small, Measurement Large)>();
        var (smallDesk, largeDesk) = (await FrontDesk.OpenAsync(small, cancellationToken), await FrontDesk.OpenAsync(large, cancellationToken));
        await MeasureAsync("warm slots", c => Task.FromResult(Slots(c, 1)));
        await MeasureAsync("search over all doctors", c => Task.FromResult(Candidate.Repeating("", Subject.Of(c), [SearchRequest()])));
        await MeasureAsync("booking", c => Task.FromResult(BookingScenario.Distinct("", c, c == small ? smallDesk : largeDesk, settings)));

        report.Sections.Add(new Section(
            $"{settings.SmallVisits:N0} against {settings.LargeVisits:N0} visits",
            "Two apps side by side, asked in turn. Time per request is what counts: 1.1 × is 10 % slower.")
        {
            Measurements = [.. pairs.SelectMany(p => new[] { p.Small, p.Large })],
            Tables = [new Table(
                ["memory, MB", "API", "Postgres", "Redis"],
                [.. new[] { small, large }.Select(c => (IReadOnlyList<string>)[
                    $"{c.Size.Visits:N0} visits",
                    Numbers.Megabytes(ProcessUsage.MemoryOf(c.ApiProcesses)),
                    Numbers.Megabytes(ProcessUsage.MemoryOf([c.PostgresProcess])),
                    Numbers.Megabytes(ProcessUsage.MemoryOf([c.RedisProcess]))])])],
        });
        foreach (var (what, few, many) in pairs)
        {
            report.Judge($"{settings.LargeVisits:N0} visits within 1.1 × of {settings.SmallVisits:N0}: {what}", few.PerSecond / many.PerSecond, Numbers.Ratio, " ×", atMost: 1.1);
        }

        Candidate Slots(RunningClinic clinic, int weeks) =>
            new("", Subject.Of(clinic), async ct => new Rotation(SlotsScenario.WeekRequests(await SlotsScenario.DoctorsAsync(clinic, ct), weeks)));

        async Task MeasureAsync(string what, Func<RunningClinic, Task<Candidate>> candidate)
        {
            var measured = await Alternation.RunAsync(
                "growth",
                [
                    await candidate(small) with { Name = $"{what}, {settings.SmallVisits:N0} visits" },
                    await candidate(large) with { Name = $"{what}, {settings.LargeVisits:N0} visits" },
                ],
                settings,
                cancellationToken);
            pairs.Add((what, measured[0], measured[1]));
        }
    }

    private static async Task DoctorsAsync(BenchSettings settings, Report report, CancellationToken cancellationToken)
    {
        const int VisitsPerDoctor = 40;
        await using var few = await RunningClinic.StartAsync(Stage.SizeOf(FewDoctors, FewDoctors * VisitsPerDoctor), cancellationToken);
        await using var many = await RunningClinic.StartAsync(Stage.SizeOf(ManyDoctors, ManyDoctors * VisitsPerDoctor), cancellationToken);
        var measured = await Alternation.RunAsync(
            "growth",
            [
                Candidate.Repeating($"Search over {FewDoctors} doctors", Subject.Of(few), [SearchRequest()]),
                Candidate.Repeating($"Search over {ManyDoctors} doctors", Subject.Of(many), [SearchRequest()]),
            ],
            settings,
            cancellationToken);
        report.Sections.Add(new Section(
            $"Search over {FewDoctors} against {ManyDoctors} doctors",
            $"14 days, {VisitsPerDoctor} visits of each doctor. {ManyDoctors / FewDoctors} times the doctors take "
            + $"{Numbers.Ratio(measured[0].PerSecond / measured[1].PerSecond)} times the time.")
        {
            Measurements = measured,
        });
    }

    private static async Task ReplicasAsync(BenchSettings settings, Report report, CancellationToken cancellationToken)
    {
        await using var clinic = await RunningClinic.StartAsync(Stage.SizeOf(settings.Doctors, settings.SmallVisits) with { Replicas = 2 }, cancellationToken);
        var doctors = await SlotsScenario.DoctorsAsync(clinic, cancellationToken);
        var desk = await FrontDesk.OpenAsync(clinic, cancellationToken);
        var both = Subject.Of(clinic);
        var one = both with { Addresses = [clinic.Api[0]], Servers = [clinic.ApiProcesses[0]] };
        var measured = await Alternation.RunAsync(
            "growth",
            [
                Candidate.Repeating("Warm slots, one instance", one, SlotsScenario.WeekRequests(doctors, 1)),
                Candidate.Repeating("Warm slots, two instances", both, SlotsScenario.WeekRequests(doctors, 1)),
                BookingScenario.Distinct("Booking, one instance", clinic, desk, settings) with { Subject = one },
                BookingScenario.Distinct("Booking, two instances", clinic, desk, settings),
            ],
            settings,
            cancellationToken);
        report.Sections.Add(new Section(
            "One against two instances of the API",
            "The load generator speaks to each instance itself, half of its connections to each: the address in front of them is served by a relay within this program. "
            + "On a machine that one instance fills by itself a second one adds nothing; here it shows what it costs.")
        {
            Measurements = measured,
        });
    }
}
