using System.Globalization;
using System.Net;
using System.Text;

namespace Clinic.Bench.Reporting;

/// <summary>Charts as SVG text.</summary>
internal static class Charts
{
    private const int Width = 900;
    private const int LabelWidth = 330;
    private const int RowHeight = 28;

    private static readonly string[] Colors = ["#2b6cb0", "#2f855a", "#b7791f", "#97266d"];

    /// <summary>A bar for each measurement's median, with a thin line from its slowest to its fastest repetition.</summary>
    public static string Bars(string title, IReadOnlyList<Measurement> measurements)
    {
        var scale = (Width - LabelWidth - 90) / Math.Max(1, measurements.Max(m => m.FastestPerSecond));
        var height = (measurements.Count * RowHeight) + 30;
        var svg = Start(title, height);
        for (var i = 0; i < measurements.Count; i++)
        {
            var (m, y) = (measurements[i], 30 + (i * RowHeight));
            svg.Append(Invariant($"<text x=\"{LabelWidth - 8}\" y=\"{y + 15}\" text-anchor=\"end\">{Text(m.Name)}</text>"));
            svg.Append(Invariant($"<rect x=\"{LabelWidth}\" y=\"{y + 2}\" width=\"{m.PerSecond * scale:0.#}\" height=\"18\" fill=\"{Colors[0]}\"/>"));
            svg.Append(Invariant($"<line x1=\"{LabelWidth + (m.SlowestPerSecond * scale):0.#}\" x2=\"{LabelWidth + (m.FastestPerSecond * scale):0.#}\" y1=\"{y + 11}\" y2=\"{y + 11}\" stroke=\"#1c2430\" stroke-width=\"2\"/>"));
            svg.Append(Invariant($"<text x=\"{LabelWidth + (m.FastestPerSecond * scale) + 8:0.#}\" y=\"{y + 15}\">{m.PerSecond:N0}</text>"));
        }

        return svg.Append("</svg>").ToString();
    }

    public static string Lines(Chart chart)
    {
        const int Height = 300, Top = 40, Bottom = 260, Left = 60, Right = 780;
        var most = Math.Max(0.001, chart.Lines.SelectMany(l => l.Values).Max()) * 1.1;
        var svg = Start($"{chart.Title}, {chart.Unit}", Height);
        for (var tick = 0; tick <= 4; tick++)
        {
            var y = Bottom - ((Bottom - Top) * tick / 4);
            svg.Append(Invariant($"<line x1=\"{Left}\" x2=\"{Right}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#d8dee6\"/><text x=\"{Left - 8}\" y=\"{y + 4}\" text-anchor=\"end\">{most * tick / 4:0.#}</text>"));
        }

        for (var step = 0; step < chart.Steps.Count; step++)
        {
            svg.Append(Invariant($"<text x=\"{X(step):0.#}\" y=\"{Bottom + 20}\" text-anchor=\"middle\">{Text(chart.Steps[step])}</text>"));
        }

        for (var i = 0; i < chart.Lines.Count; i++)
        {
            var (line, color) = (chart.Lines[i], Colors[i % Colors.Length]);
            var points = string.Join(' ', line.Values.Select((value, step) => Invariant($"{X(step):0.#},{Y(value):0.#}")));
            svg.Append(Invariant($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>"));
            svg.Append(Invariant($"<text x=\"{Right + 40}\" y=\"{Top + 15 + (i * 20)}\" fill=\"{color}\">{Text(line.Name)}</text>"));
        }

        return svg.Append("</svg>").ToString();

        double X(int step) => Left + 40 + ((Right - Left - 80) * step / (double)Math.Max(1, chart.Steps.Count - 1));

        double Y(double value) => Bottom - ((Bottom - Top) * value / most);
    }

    private static StringBuilder Start(string title, int height) => new StringBuilder()
        .Append(Invariant($"<svg role=\"img\" aria-label=\"{Text(title)}\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"#1c2430\">"))
        .Append(Invariant($"<text x=\"0\" y=\"16\" font-weight=\"600\">{Text(title)}</text>"));

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
