using System.Diagnostics;
using System.Globalization;

namespace Clinic.Tests.Embedded;

/// <summary>A process of this machine. Its start belongs to it, as ids are used again.</summary>
internal sealed record ProcessEntry(int Id, string Started)
{
    /// <summary>The process and all below it, as far as they have not ended.</summary>
    public static HashSet<ProcessEntry> FamilyOf(int processId)
    {
        var all = Read();
        var family = all.Where(p => p.Entry.Id == processId).Select(p => p.Entry).ToHashSet();
        while (all.Where(p => family.Any(known => known.Id == p.ParentId)).Count(p => family.Add(p.Entry)) > 0)
        {
            // One generation after the other.
        }

        return family;
    }

    /// <summary>All processes but those that have ended and that nobody has asked about yet.</summary>
    public static IEnumerable<ProcessEntry> All() => Read().Select(p => p.Entry);

    public static bool IgnoresInterrupts(int processId)
    {
        const ulong Interrupt = 1 << (2 - 1);
        var status = $"/proc/{processId}/status";
        return File.Exists(status)
            && File.ReadLines(status).FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } mask
            && (ulong.Parse(mask["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Interrupt) != 0;
    }

    public override string ToString() => $"{Id}";

    private static List<(ProcessEntry Entry, int ParentId)> Read() => Directory.Exists("/proc/self") ? ReadProc() : ReadPs();

    /// <summary>A bare Linux may have no <c>ps</c>.</summary>
    private static List<(ProcessEntry Entry, int ParentId)> ReadProc()
    {
        var found = new List<(ProcessEntry, int)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                // "123 (name, with anything in it) S 1 …": state, parent, and as the twentieth of these fields the start.
                var stat = File.ReadAllText($"{folder}/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                Add(found, Path.GetFileName(folder), fields[1], fields[0], fields[19]);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return found;
    }

    private static List<(ProcessEntry Entry, int ParentId)> ReadPs()
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-A", "-o", "pid=,ppid=,stat=,lstart="]) { RedirectStandardOutput = true })!;
        var found = new List<(ProcessEntry, int)>();
        while (ps.StandardOutput.ReadLine() is { } line)
        {
            var fields = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            Add(found, fields[0], fields[1], fields[2], fields[3]);
        }

        return found;
    }

    private static void Add(List<(ProcessEntry, int)> found, string id, string parentId, string state, string started)
    {
        if (state[0] is not ('Z' or 'X'))
        {
            found.Add((new(int.Parse(id, CultureInfo.InvariantCulture), started), int.Parse(parentId, CultureInfo.InvariantCulture)));
        }
    }
}
