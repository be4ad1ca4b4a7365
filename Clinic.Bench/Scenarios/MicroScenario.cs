using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Clinic.Bench.Reporting;
using Clinic.Bench.Running;

namespace Clinic.Bench.Scenarios;

/// <summary>The slot calculator by itself, by BenchmarkDotNet.</summary>
internal static class MicroScenario
{
    public static void Run(BenchSettings settings, Report report)
    {
        Progress.Say("micro: the slot calculator");
        // In this process: BenchmarkDotNet would otherwise build a project of its own, without this solution's properties.
        var job = (settings.IsQuick ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(ReportFiles.Folder, "BenchmarkDotNet"));
        var summary = BenchmarkRunner.Run<SlotCalculatorBenchmarks>(config);
        report.Sections.Add(new Section("The slot calculator by itself", "BenchmarkDotNet; half-hour slots from 8 to 18, a visit on every other one, a buffer of ten minutes.")
        {
            Tables = [new Table(
                ["", "mean µs", "± µs", "allocated KB"],
                [.. summary.Reports.Select(r => (IReadOnlyList<string>)[
                    r.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
                    r.ResultStatistics is { } s ? Numbers.Ms(s.Mean / 1000) : "failed",
                    r.ResultStatistics is { } e ? Numbers.Ms(e.StandardError / 1000) : "",
                    Numbers.Kilobytes(r.GcStats.GetBytesAllocatedPerOperation(r.BenchmarkCase)),
                ])])],
        });
        if (summary.Reports.Any(r => r.ResultStatistics is null) || summary.Reports.IsEmpty)
        {
            throw new BenchFailure($"BenchmarkDotNet has no results: {string.Join("; ", summary.ValidationErrors.Select(e => e.Message))}");
        }
    }
}
