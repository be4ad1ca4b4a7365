using System.Text.RegularExpressions;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>Writes lines with the name of their resource before them, coloured on a terminal, plain in a file.</summary>
internal static partial class PrefixedConsole
{
    private const string OwnName = "apphost";
    private const string Reset = "\e[0m";
    private const string Bold = "\e[1m";

    private static readonly string[] Colours = ["\e[36m", "\e[35m", "\e[32m", "\e[34m", "\e[33m", "\e[96m", "\e[95m", "\e[92m"];
    private static readonly bool IsColoured =
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    private static readonly Lock Lock = new();
    private static readonly List<string> Names = [];
    private static int _width = OwnName.Length;

    /// <summary>Makes room for the name, so that the lines of all resources begin at the same place.</summary>
    public static void Announce(string name)
    {
        lock (Lock)
        {
            _width = Math.Max(_width, name.Length);
            Names.Add(name);
        }
    }

    public static void Write(string name, string line)
    {
        lock (Lock)
        {
            Console.Out.WriteLine(IsColoured
                ? $"{ColourOf(name)}{name.PadRight(_width)} |{Reset} {line}{Reset}"
                : $"{name.PadRight(_width)} | {WithoutColours(line)}");
        }
    }

    /// <summary>Writes what the hosting itself has to say.</summary>
    public static void WriteOwn(string line) => Write(OwnName, IsColoured ? $"{Bold}{line}" : line);

    public static string WithoutColours(string line) => AnsiSequence().Replace(line, "");

    private static string ColourOf(string name) => name == OwnName ? "" : Colours[Math.Max(0, Names.IndexOf(name)) % Colours.Length];

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex AnsiSequence();
}
