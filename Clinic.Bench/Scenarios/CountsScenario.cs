using System.Globalization;
using Clinic.Bench.Load;
using Clinic.Bench.Probing;
using Clinic.Bench.Reporting;
using Clinic.Bench.Running;
using Clinic.Core.Contracts;

namespace Clinic.Bench.Scenarios;

/// <summary>What one operation costs in SQL commands, round trips and allocations; these do not depend on the machine.</summary>
internal static class CountsScenario
{
    /// <summary>So many that what the API does on its own in the meantime does not show.</summary>
    private const int Times = 200;

    private const int FewDoctors = 5;

    public static async Task RunAsync(BenchSettings settings, Report report, CancellationToken cancellationToken)
    {
        using var tap = new Wiretap();
        await using var clinic = await RunningClinic.StartAsync(Stage.SizeOf(settings.Doctors, settings.SmallVisits) with { Wiretap = tap }, cancellationToken);
        var desk = await FrontDesk.OpenAsync(clinic, cancellationToken);
        var doctors = await SlotsScenario.DoctorsAsync(clinic, cancellationToken);
        await desk.StockAsync(Times * 20, cancellationToken);

        // Twice each: the first time prepares statements, and compiles.
        var (toMove, toCancel) = (Pairs(), Openings());
        var moved = await desk.BookAllAsync([.. toMove.Select(p => p.From)], 1, cancellationToken);
        var cancelled = await desk.BookAllAsync(toCancel, 1, cancellationToken);
        var token = await desk.TokenAsync(cancellationToken);
        var toBook = Openings();
        var weeks = SlotsScenario.WeekRequests(doctors, weeks: 2 * Times / doctors.Count);

        var costs = new List<Cost>
        {
            await MeasureAsync("Slots of a week, cold", weeks),
            await MeasureAsync("Slots of a week, warm", [.. Enumerable.Repeat(weeks[^1], 2 * Times)]),
            await MeasureAsync($"Search over {FewDoctors} doctors", [.. Enumerable.Repeat(Search(doctors.Take(FewDoctors)), 2 * Times)]),
            await MeasureAsync($"Search over {doctors.Count} doctors", [.. Enumerable.Repeat(Search(doctors), 2 * Times)]),
            await MeasureAsync("Booking", [.. toBook.Select(o => FrontDesk.Book(o, token))]),
            await MeasureAsync("Moving", [.. toMove.Select((p, i) => BookingScenario.Move(moved[i], p.To, token))]),
            await MeasureAsync("Cancelling", [.. cancelled.Select(id => BookingScenario.Cancel(id, token))]),
            await MeasureAsync("Reading a visit", [.. moved.Select(id => RequestBytes.Get($"/api/appointments/{id}", token))]),
        };
        report.Sections.Add(new Section(
            "What an operation costs",
            $"Averages of {Times} operations one after the other. Counted on the wire between the API and Postgres: a command is an Execute or a Query message, so BEGIN and COMMIT count; "
            + "a round trip is a time that the API sends after it has received. Allocations are those of the whole API process.")
        {
            Tables = [new Table(
                ["", "SQL commands", "round trips", "allocated KB"],
                [.. costs.Select(c => (IReadOnlyList<string>)[c.Name, One(c.Commands), One(c.RoundTrips), Numbers.Kilobytes(c.AllocatedBytes)])])],
        });
        var (few, all) = (costs[2].Commands, costs[3].Commands);
        report.Verdicts.Add(new Verdict(
            "Search: no more SQL commands over 50 doctors than over 5", $"{One(few)} over {FewDoctors}, {One(all)} over {doctors.Count}", all < few + 0.1));

        List<(Opening From, Opening To)> Pairs() => [.. Enumerable.Range(0, 2 * Times).Select(_ => desk.TakePair()).OfType<(Opening, Opening)>()];

        List<Opening> Openings() => [.. Enumerable.Range(0, 2 * Times).Select(_ => desk.Take()).OfType<Opening>()];

        async Task<Cost> MeasureAsync(string name, IReadOnlyList<byte[]> requests)
        {
            Progress.Say($"counts: {name}");
            await SendAsync(requests.Take(Times));
            var (commands, roundTrips) = tap.Counts;
            var allocated = await AllocationProbe.ReadAsync(clinic.ApiProcesses, cancellationToken);
            await SendAsync(requests.Skip(Times).Take(Times));
            var after = tap.Counts;
            return new Cost(
                name,
                (after.Commands - commands) / (double)Times,
                (after.RoundTrips - roundTrips) / (double)Times,
                (await AllocationProbe.ReadAsync(clinic.ApiProcesses, cancellationToken) - allocated) / (double)Times);
        }

        async Task SendAsync(IEnumerable<byte[]> requests)
        {
            var once = new OnceEach([.. requests.Select(r => new WorkItem(r))]);
            (await ClosedLoop.RunAsync(clinic.Api, connections: 1, once, TimeSpan.FromMinutes(2), cancellationToken)).RequireNoErrors("Counting");
        }
    }

    private static byte[] Search(IEnumerable<DoctorSummary> doctors)
    {
        var from = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(1);
        return RequestBytes.Get(string.Create(
            CultureInfo.InvariantCulture,
            $"/api/slots?from={from:yyyy-MM-dd}&to={from.AddDays(13):yyyy-MM-dd}&limit=20&{string.Join('&', doctors.Select(d => $"doctorId={d.Id}"))}"));
    }

    private static string One(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private sealed record Cost(string Name, double Commands, double RoundTrips, double AllocatedBytes);
}
