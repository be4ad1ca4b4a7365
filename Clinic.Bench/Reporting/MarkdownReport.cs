using System.Text;

namespace Clinic.Bench.Reporting;

/// <summary>The report as Markdown, to be pasted into an issue.</summary>
internal static class MarkdownReport
{
    public static string Write(Report report)
    {
        var text = new StringBuilder();
        text.AppendLine("# Clinic.Bench").AppendLine();
        text.AppendLine($"{report.StartedAt:yyyy-MM-dd HH:mm} UTC · `{report.Command}` · {report.Machine}").AppendLine();
        if (report.IsQuick)
        {
            text.AppendLine("**Quick run**: too short, and on too little data, for its figures to be quoted.").AppendLine();
        }

        if (report.Verdicts.Count > 0)
        {
            text.AppendLine("## Targets").AppendLine();
            Append(text, new Table(["target", "measured", "verdict"], [.. report.Verdicts.Select(v => (IReadOnlyList<string>)[v.Target, v.Measured, v.Word])]));
        }

        foreach (var section in report.Sections)
        {
            text.AppendLine($"## {section.Title}").AppendLine();
            foreach (var paragraph in section.Text)
            {
                text.AppendLine(paragraph).AppendLine();
            }

            if (section.Measurements.Count > 0)
            {
                Append(text, MeasurementTable.Of(section.Measurements));
                AppendErrors(text, section.Measurements);
            }

            foreach (var table in section.Tables)
            {
                Append(text, table);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Table table)
    {
        AppendRow(text, table.Columns);
        AppendRow(text, [.. table.Columns.Select((_, i) => i == 0 ? "---" : "---:")]);
        foreach (var row in table.Rows)
        {
            AppendRow(text, row);
        }

        text.AppendLine();
    }

    private static void AppendErrors(StringBuilder text, IReadOnlyList<Measurement> measurements)
    {
        foreach (var measurement in measurements.Where(m => m.ErrorCount > 0))
        {
            var most = measurement.Repetitions.SelectMany(r => r.Errors).GroupBy(e => e.Key).MaxBy(g => g.Sum(e => e.Value))!;
            text.AppendLine($"- {measurement.Name}: {measurement.ErrorCount} errors, most of them `{most.Key.ReplaceLineEndings(" ")}`");
        }

        text.AppendLine();
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))).AppendLine(" |");
}
