using System.Collections.Concurrent;
using Clinic.Bench.Limits;
using Clinic.Bench.Load;
using Clinic.Bench.Reporting;
using Clinic.Bench.Running;
using Clinic.Core.Contracts;

namespace Clinic.Bench.Scenarios;

/// <summary>Booking, moving and cancelling, against a bare booking that is one call of a function in Postgres.</summary>
internal static class BookingScenario
{
    /// <summary>Free times to have in stock for each second of booking: more than it could use up.</summary>
    private const int StockPerSecond = 3_000;

    private const int Conflict = 409;

    public static async Task RunAsync(Stage stage, Report report, CancellationToken cancellationToken)
    {
        var (clinic, limits, settings) = (stage.Clinic, stage.Limits, stage.Settings);
        var desk = await stage.DeskAsync(cancellationToken);
        var ours = Subject.Of(clinic);
        Candidate[] candidates =
        [
            Candidate.Repeating("Kestrel + one call that books", Subject.Of(limits, clinic), [RequestBytes.Post("/book", token: null, new { })]),
            Distinct("Booking of distinct times", clinic, desk, settings),
            new($"Booking contended: {settings.Connections} want the same time", ours, ct => ContendedAsync(desk, settings, ct)),
            new("Moving", ours, ct => MovesAsync(desk, settings, ct)),
            new("Cancelling", ours, ct => CancellationsAsync(desk, settings, ct)),
        ];
        var measured = await Alternation.RunAsync("booking", candidates, settings, cancellationToken);
        var (bare, booking) = (measured[0], measured[1]);
        report.Sections.Add(new Section(
            "Booking, moving and cancelling",
            $"{settings.Connections} connections with the token of a member of staff; each request has an Idempotency-Key of its own. The free times were asked of the API beforehand, "
            + "and are booked for doctors in turn. The one call locks the doctor, checks for overlap and writes a visit, an audit row and two messages into tables "
            + "with the clinic's indexes and exclusion constraints, and does nothing else.",
            "Contended: every time is wanted by as many patients at once as there are connections. One gets it and the others get 409; two getting it would be an error. All answers count.")
        {
            Measurements = measured,
            Tables = PgBench.IsInstalled
                ? [await PgBenchTableAsync(limits, settings, cancellationToken)]
                : [new Table(["pgbench"], [["is not on the PATH, so Postgres was not measured by itself"]])],
        });
        report.Judge("Booking ≥ 0.75 × Kestrel + the one call, at 16 connections", booking.PerSecond / bare.PerSecond, Numbers.Ratio, " ×", atLeast: 0.75);
        report.JudgeErrors("Booking, moving and cancelling without an error", measured);
    }

    /// <summary>Bookings none of which stands in another's way.</summary>
    public static Candidate Distinct(string name, RunningClinic clinic, FrontDesk desk, BenchSettings settings) => new(name, Subject.Of(clinic), async ct =>
    {
        await desk.StockAsync((int)(StockPerSecond * Math.Max(settings.Duration.TotalSeconds, settings.WarmUp.TotalSeconds)), ct);
        return new Bookings(desk, await desk.TokenAsync(ct));
    });

    private static Task<Workload> ContendedAsync(FrontDesk desk, BenchSettings settings, CancellationToken cancellationToken) => WithStockAsync(desk, settings, token =>
    {
        var taken = new ConcurrentDictionary<Opening, bool>();
        var items = new List<WorkItem>();
        while (items.Count < settings.Changes && desk.Take() is { } opening)
        {
            items.Add(new WorkItem(FrontDesk.Book(opening, token), State: opening));
            items.AddRange(Enumerable.Range(1, settings.Connections - 1).Select(_ => new WorkItem(FrontDesk.Book(desk.Rival(opening), token), State: opening)));
        }

        return Task.FromResult<Workload>(new OnceEach(items, (item, reply) =>
            reply.Status == Conflict || (reply.IsSuccess && taken.TryAdd((Opening)item.State!, true))));
    }, cancellationToken);

    private static Task<Workload> MovesAsync(FrontDesk desk, BenchSettings settings, CancellationToken cancellationToken) => WithStockAsync(desk, settings, async token =>
    {
        var pairs = Enumerable.Range(0, settings.Changes).Select(_ => desk.TakePair()).OfType<(Opening From, Opening To)>().ToList();
        var ids = await desk.BookAllAsync([.. pairs.Select(p => p.From)], settings.Connections, cancellationToken);
        return new OnceEach([.. pairs.Select((p, i) => new WorkItem(Move(ids[i], p.To, token)))]);
    }, cancellationToken);

    private static Task<Workload> CancellationsAsync(FrontDesk desk, BenchSettings settings, CancellationToken cancellationToken) => WithStockAsync(desk, settings, async token =>
    {
        var openings = Enumerable.Range(0, settings.Changes).Select(_ => desk.Take()).OfType<Opening>().ToList();
        var ids = await desk.BookAllAsync(openings, settings.Connections, cancellationToken);
        return new OnceEach([.. ids.Select(id => new WorkItem(Cancel(id, token)))]);
    }, cancellationToken);

    public static byte[] Move(Guid id, Opening to, string token) =>
        RequestBytes.Change("PUT", $"/api/appointments/{id}", token, new MoveAppointment { Start = to.Start, Modality = to.Modality });

    public static byte[] Cancel(Guid id, string token) => RequestBytes.Change<object>("DELETE", $"/api/appointments/{id}", token, body: null);

    private static async Task<Workload> WithStockAsync(
        FrontDesk desk, BenchSettings settings, Func<string, Task<Workload>> make, CancellationToken cancellationToken)
    {
        // Twice as much as is moved, since a pair may skip a time.
        await desk.StockAsync(settings.Changes * 4, cancellationToken);
        return await make(await desk.TokenAsync(cancellationToken));
    }

    private static async Task<Table> PgBenchTableAsync(LimitsProcess limits, BenchSettings settings, CancellationToken cancellationToken)
    {
        var runs = new Dictionary<string, List<double>> { ["as several statements"] = [], ["as one call"] = [] };
        for (var round = 1; round <= settings.Repetitions; round++)
        {
            foreach (var (name, results) in runs)
            {
                results.Add(await PgBench.RunAsync(
                    limits.Database, name == "as one call" ? PgBench.OneCall : PgBench.Statements, settings.Connections, settings.Duration, cancellationToken));
                Progress.Say($"booking {round}/{settings.Repetitions}: pgbench {name}: {Numbers.Whole(results[^1])}/s");
            }
        }

        return new Table(
            ["pgbench, the bare booking", "bookings/s", "slowest – fastest"],
            [.. runs.Select(r => (IReadOnlyList<string>)[
                r.Key, Numbers.Whole(r.Value.Order().ElementAt(r.Value.Count / 2)), $"{Numbers.Whole(r.Value.Min())} – {Numbers.Whole(r.Value.Max())}"])]);
    }

    /// <summary>Takes a free time from the stock when it is asked for one.</summary>
    private sealed class Bookings(FrontDesk desk, string token) : Workload
    {
        public override bool TryNext(out WorkItem item)
        {
            var opening = desk.Take();
            item = opening is null ? default : new WorkItem(FrontDesk.Book(opening, token));
            return opening is not null;
        }
    }
}
