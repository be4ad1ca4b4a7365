namespace Clinic.Bench.Reporting;

/// <summary>Puts targets and what came of them into the report. A quick run says nothing about a target.</summary>
internal static class Judging
{
    public static void Judge(
        this Report report, string target, double measured, Func<double, string> write, string unit, double atLeast = double.MinValue, double atMost = double.MaxValue) =>
        report.Verdicts.Add(new Verdict(target, write(measured) + unit, report.IsQuick ? null : measured >= atLeast && measured <= atMost));

    public static void JudgeErrors(this Report report, string target, IEnumerable<Measurement> measurements)
    {
        var errors = measurements.Sum(m => m.ErrorCount);
        report.Verdicts.Add(new Verdict(target, $"{errors} errors", errors == 0));
    }
}
