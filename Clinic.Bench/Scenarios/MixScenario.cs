using Clinic.Bench.Load;
using Clinic.Bench.Reporting;
using Clinic.Bench.Running;
using Clinic.Core.Contracts;

namespace Clinic.Bench.Scenarios;

/// <summary>A day at the clinic, faster: people read and book at a fixed rate, whether or not the API keeps up.</summary>
internal static class MixScenario
{
    private const string Reads = "reads";
    private const string Writes = "writes";

    /// <summary>More than are ever busy at once, unless the API falls behind; the rest then waits, which counts.</summary>
    private const int Connections = 64;

    private const int SearchesPerSecond = 50;

    private static readonly int[] Rates = [50, 200, 500, 1_000];

    public static async Task RunAsync(Stage stage, Report report, CancellationToken cancellationToken)
    {
        var (clinic, settings) = (stage.Clinic, stage.Settings);
        var desk = await stage.DeskAsync(cancellationToken);
        var doctors = await SlotsScenario.DoctorsAsync(clinic, cancellationToken);
        Progress.Say("mix: warm up");
        var warmUp = settings.WarmUps * settings.WarmUp;
        await OpenLoop.RunAsync(clinic.Api, Connections, await MixAsync(desk, doctors, Rates[1], warmUp, cancellationToken), Rates[1], warmUp, cancellationToken);

        var repetitions = Rates.SelectMany(rate => new[] { (rate, Reads), (rate, Writes) }).ToDictionary(key => key, _ => new List<Repetition>());
        for (var round = 1; round <= settings.MixRounds; round++)
        {
            foreach (var rate in Rates)
            {
                var work = await MixAsync(desk, doctors, rate, settings.MixDuration, cancellationToken);
                var before = await Alternation.ReadingAsync(Subject.Of(clinic), cancellationToken);
                var result = await OpenLoop.RunAsync(clinic.Api, Connections, work, rate, settings.MixDuration, cancellationToken);
                var after = await Alternation.ReadingAsync(Subject.Of(clinic), cancellationToken);
                repetitions[(rate, Reads)].Add(Repetition.Of(result, Reads, before, after));
                repetitions[(rate, Writes)].Add(Repetition.Of(result, Writes, before, after));
                Progress.Say($"mix {round}/{settings.MixRounds} at {rate}/s: reads p99 {Numbers.Ms(result.ByKind[Reads].PercentileMs(0.99))} ms, writes p99 {Numbers.Ms(result.ByKind[Writes].PercentileMs(0.99))} ms, "
                    + $"{result.Errors.Values.Sum(e => e.Values.Sum())} errors");
            }
        }

        var measured = repetitions.ToDictionary(r => r.Key, r => new Measurement($"{r.Key.rate}/s, {r.Key.Item2}", Connections, r.Value));
        report.Sections.Add(new Section(
            "A mix at a fixed rate",
            $"90 % reads (80 free times of a doctor and a week, 5 searches over all doctors, 5 doctors) and 10 % writes (6 bookings, 2 moves, 2 cancellations), {settings.MixDuration.TotalSeconds:0} s at each rate, "
            + $"medians of {settings.MixRounds} rounds; max is the worst of them. Requests come when they are due, and a latency counts from then: waiting for a free connection is part of it. CPU is per request of both kinds.")
        {
            Measurements = [.. measured.Values],
            Charts = [.. new[] { Reads, Writes }.Select(kind => new Chart(
                $"Latency of {kind} by rate",
                "ms",
                [.. Rates.Select(rate => $"{rate}/s")],
                [
                    new ChartLine("p50", [.. Rates.Select(rate => measured[(rate, kind)].P50Ms)]),
                    new ChartLine("p95", [.. Rates.Select(rate => measured[(rate, kind)].P95Ms)]),
                    new ChartLine("p99", [.. Rates.Select(rate => measured[(rate, kind)].P99Ms)]),
                ]))],
        });

        report.Judge("Mix at 1,000/s: p99 < 50 ms", Math.Max(measured[(1_000, Reads)].P99Ms, measured[(1_000, Writes)].P99Ms), Numbers.Ms, " ms, the slower of reads and writes", atMost: 50);
        report.JudgeErrors("Mix at 1,000/s without an error", [measured[(1_000, Reads)], measured[(1_000, Writes)]]);
        report.Judge("Mix at 50/s: p99 of reads < 10 ms", measured[(50, Reads)].P99Ms, Numbers.Ms, " ms", atMost: 10);
        report.Judge("Mix at 50/s: p99 of writes < 25 ms", measured[(50, Writes)].P99Ms, Numbers.Ms, " ms", atMost: 25);
    }

    /// <summary>Search over all doctors and two weeks at a rate that people might reach.</summary>
    public static async Task SearchAsync(Stage stage, Report report, CancellationToken cancellationToken)
    {
        var (clinic, settings) = (stage.Clinic, stage.Settings);
        var request = GrowthScenario.SearchRequest();
        var repetitions = new List<Repetition>();
        for (var round = 0; round <= settings.Repetitions; round++)
        {
            var before = await Alternation.ReadingAsync(Subject.Of(clinic), cancellationToken);
            var duration = TimeSpan.FromSeconds(Math.Max(2, settings.Duration.TotalSeconds));
            var result = await OpenLoop.RunAsync(clinic.Api, Connections, new Rotation([request]), SearchesPerSecond, duration, cancellationToken);
            var after = await Alternation.ReadingAsync(Subject.Of(clinic), cancellationToken);
            // The first one is the warm-up.
            if (round > 0)
            {
                repetitions.Add(Repetition.Of(result, "all", before, after));
                Progress.Say($"search {round}/{settings.Repetitions} at {SearchesPerSecond}/s: p95 {Numbers.Ms(repetitions[^1].P95Ms)} ms");
            }
        }

        var search = new Measurement($"Search at {SearchesPerSecond}/s", Connections, repetitions);
        report.Sections.Add(new Section(
            "Search over all doctors",
            $"The earliest 20 free times of {clinic.Size.Doctors} doctors in the next 14 days, at a fixed rate; latencies count from when a request was due.")
        {
            Measurements = [search],
        });
        report.Judge($"Search over {clinic.Size.Doctors} doctors × 14 days at 50/s: p95 < 30 ms", search.P95Ms, Numbers.Ms, " ms", atMost: 30);
        report.JudgeErrors("Search without an error", [search]);
    }

    private static async Task<Workload> MixAsync(
        FrontDesk desk, IReadOnlyList<DoctorSummary> doctors, int rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        var total = (int)(rate * duration.TotalSeconds);
        var changes = Math.Max(1, total / 50);
        await desk.StockAsync((total / 8) + 1_000, cancellationToken);
        var toMove = Enumerable.Range(0, changes).Select(_ => desk.TakePair()).OfType<(Opening From, Opening To)>().ToList();
        var toCancel = Enumerable.Range(0, changes).Select(_ => desk.Take()).OfType<Opening>().ToList();
        var moved = new Queue<Guid>(await desk.BookAllAsync([.. toMove.Select(p => p.From)], 4, cancellationToken));
        var moves = new Queue<Opening>(toMove.Select(p => p.To));
        var cancelled = new Queue<Guid>(await desk.BookAllAsync(toCancel, 4, cancellationToken));

        var token = await desk.TokenAsync(cancellationToken);
        var slots = SlotsScenario.WeekRequests(doctors, weeks: 4);
        var items = new WorkItem[total];
        for (var i = 0; i < total; i++)
        {
            items[i] = (i % 100) switch
            {
                < 6 => new WorkItem(FrontDesk.Book(desk.Take()!, token), Kind: 1),
                < 8 when moved.TryDequeue(out var id) => new WorkItem(BookingScenario.Move(id, moves.Dequeue(), token), Kind: 1),
                < 10 when cancelled.TryDequeue(out var id) => new WorkItem(BookingScenario.Cancel(id, token), Kind: 1),
                < 15 => new WorkItem(GrowthScenario.SearchRequest()),
                < 20 => new WorkItem(RequestBytes.Get($"/api/doctors/{doctors[i % doctors.Count].Id}")),
                _ => new WorkItem(slots[i % slots.Count]),
            };
        }

        // Always in the same disorder.
        new Random(1).Shuffle(items);
        return new OnceEach(items, onReply: null, Reads, Writes);
    }
}
