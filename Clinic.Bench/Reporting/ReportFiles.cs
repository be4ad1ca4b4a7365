using System.Text.Encodings.Web;
using System.Text.Json;

namespace Clinic.Bench.Reporting;

/// <summary>Writes the report beside the solution, under <c>artifacts/bench/</c>.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Folder { get; } = Path.Combine(Root(), "artifacts", "bench");

    public static void Write(Report report)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "report.json"), JsonSerializer.Serialize(report, Json));
        File.WriteAllText(Path.Combine(Folder, "report.md"), MarkdownReport.Write(report));
        File.WriteAllText(Path.Combine(Folder, "report.html"), HtmlReport.Write(report));
    }

    /// <summary>The folder of the solution that this program was built in, else the current one.</summary>
    private static string Root()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Clinic.sln")))
            {
                return folder;
            }
        }

        return Environment.CurrentDirectory;
    }
}
