using Clinic.Bench.Reporting;
using Clinic.Bench.Running;

namespace Clinic.Bench.Scenarios;

/// <summary>Runs the scenarios that were asked for; the report is written anew after each of them.</summary>
internal static class Run
{
    public static async Task AllAsync(Arguments wanted, CancellationToken cancellationToken)
    {
        var settings = wanted.IsQuick ? BenchSettings.Quick : BenchSettings.Full;
        var report = new Report(DateTimeOffset.UtcNow, $"Clinic.Bench {string.Join(' ', wanted.Scenarios)}{(wanted.IsQuick ? " --quick" : "")}", wanted.IsQuick);

        if (wanted.Scenarios.Any(s => s is "slots" or "booking"))
        {
            await using var stage = await Stage.SetAsync(settings, cancellationToken);
            await InTurnAsync("slots", async () =>
            {
                await SlotsScenario.RunAsync(stage, report, cancellationToken);
                await MixScenario.SearchAsync(stage, report, cancellationToken);
            });
            await InTurnAsync("booking", () => BookingScenario.RunAsync(stage, report, cancellationToken));
        }

        if (wanted.Wants("mix"))
        {
            // On an app of its own: booking takes every free time of the next weeks, and nobody searches such a clinic.
            await using var stage = await Stage.SetAsync(settings, cancellationToken);
            await InTurnAsync("mix", () => MixScenario.RunAsync(stage, report, cancellationToken));
        }

        await InTurnAsync("growth", () => GrowthScenario.RunAsync(settings, report, cancellationToken));
        await InTurnAsync("counts", () => CountsScenario.RunAsync(settings, report, cancellationToken));
        await InTurnAsync("seed", () => SeedScenario.RunAsync(settings, report, cancellationToken));
        await InTurnAsync("micro", () => Task.Run(() => MicroScenario.Run(settings, report), cancellationToken));

        Finish(report);

        async Task InTurnAsync(string scenario, Func<Task> run)
        {
            if (wanted.Wants(scenario))
            {
                await run();
                ReportFiles.Write(report);
            }
        }
    }

    private static void Finish(Report report)
    {
        ReportFiles.Write(report);
        Console.WriteLine();
        foreach (var verdict in report.Verdicts)
        {
            Console.WriteLine($"{verdict.Word,-10}  {verdict.Target}: {verdict.Measured}");
        }

        Console.WriteLine($"\nThe report is in {ReportFiles.Folder}");
    }
}
