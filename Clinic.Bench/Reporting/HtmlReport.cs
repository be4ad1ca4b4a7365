using System.Net;
using System.Text;

namespace Clinic.Bench.Reporting;

/// <summary>The report as one page without scripts: tables, and charts as inline SVG.</summary>
internal static class HtmlReport
{
    private const string Style =
        """
        body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
        p { max-width: 60rem; } .about { color: #556; }
        .table { overflow-x: auto; } table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
        th, td { padding: .3rem .5rem; border-bottom: 1px solid #d8dee6; text-align: right; white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; white-space: normal; min-width: 14rem; }
        .met { color: #146c3a; font-weight: 600; } .missed { color: #a61b1b; font-weight: 600; }
        .quick { background: #fff4d6; padding: .5rem 1rem; } svg { max-width: 100%; height: auto; }
        """;

    public static string Write(Report report)
    {
        var html = new StringBuilder();
        html.AppendLine("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Clinic.Bench</title>");
        html.AppendLine($"<style>{Style}</style></head><body><h1>Clinic.Bench</h1>");
        html.AppendLine($"<p class=\"about\">{report.StartedAt:yyyy-MM-dd HH:mm} UTC · <code>{Text(report.Command)}</code> · {Text(report.Machine)}</p>");
        if (report.IsQuick)
        {
            html.AppendLine("<p class=\"quick\">Quick run: too short, and on too little data, for its figures to be quoted.</p>");
        }

        if (report.Verdicts.Count > 0)
        {
            html.AppendLine("<h2>Targets</h2><div class=\"table\"><table><tr><th>target</th><th>measured</th><th>verdict</th></tr>");
            foreach (var verdict in report.Verdicts)
            {
                html.AppendLine($"<tr><td>{Text(verdict.Target)}</td><td>{Text(verdict.Measured)}</td><td class=\"{(verdict.Passed is null ? "" : verdict.Word)}\">{verdict.Word}</td></tr>");
            }

            html.AppendLine("</table></div>");
        }

        foreach (var section in report.Sections)
        {
            html.AppendLine($"<h2>{Text(section.Title)}</h2>");
            foreach (var paragraph in section.Text)
            {
                html.AppendLine($"<p>{Text(paragraph)}</p>");
            }

            if (section.Charts.Count == 0 && section.Measurements.Count > 1)
            {
                html.AppendLine(Charts.Bars("requests/s, with the slowest and the fastest repetition", section.Measurements));
            }

            foreach (var chart in section.Charts)
            {
                html.AppendLine(Charts.Lines(chart));
            }

            if (section.Measurements.Count > 0)
            {
                Append(html, MeasurementTable.Of(section.Measurements));
            }

            foreach (var table in section.Tables)
            {
                Append(html, table);
            }
        }

        return html.AppendLine("</body></html>").ToString();
    }

    private static void Append(StringBuilder html, Table table)
    {
        html.Append("<div class=\"table\"><table><tr>").AppendJoin("", table.Columns.Select(c => $"<th>{Text(c)}</th>")).AppendLine("</tr>");
        foreach (var row in table.Rows)
        {
            html.Append("<tr>").AppendJoin("", row.Select(c => $"<td>{Text(c)}</td>")).AppendLine("</tr>");
        }

        html.AppendLine("</table></div>");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
