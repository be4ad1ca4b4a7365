using System.Diagnostics;
using System.Globalization;

namespace Clinic.Bench.Running;

/// <summary>CPU time and memory of a process and, on Linux, of all that it started: Postgres serves each connection with a process.</summary>
internal static class ProcessUsage
{
    public static TimeSpan CpuOf(IEnumerable<int> processIds)
    {
        var all = WithChildren(processIds);
        return TimeSpan.FromTicks(all.Sum(id => Read(id, process => process.TotalProcessorTime.Ticks)));
    }

    /// <summary>Memory in use, in bytes. What several processes share, as Postgres's buffers, counts in each of them.</summary>
    public static long MemoryOf(IEnumerable<int> processIds) =>
        WithChildren(processIds).Sum(id => ProportionalMemory(id) ?? Read(id, process => process.WorkingSet64));

    /// <summary>The most memory that the process had so far, in bytes; 0 when it has ended or the system does not tell.</summary>
    public static long PeakMemoryOf(int processId) => StatusLine($"/proc/{processId}/status", "VmHWM:") ?? Read(processId, process => process.PeakWorkingSet64);

    /// <summary>Linux splits shared pages among those who share them, which makes a sum right.</summary>
    private static long? ProportionalMemory(int processId) => StatusLine($"/proc/{processId}/smaps_rollup", "Pss:");

    private static long Read(int processId, Func<Process, long> value)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return value(process);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return 0; // It has ended.
        }
    }

    /// <summary>A line as "VmHWM:  123 kB", in bytes.</summary>
    private static long? StatusLine(string path, string name)
    {
        try
        {
            return File.Exists(path) && File.ReadLines(path).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } line
                ? long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static HashSet<int> WithChildren(IEnumerable<int> processIds)
    {
        var all = processIds.ToHashSet();
        if (!OperatingSystem.IsLinux())
        {
            return all;
        }

        var parents = new List<(int Id, int Parent)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ParentOf(folder) is { } parent)
            {
                parents.Add((id, parent));
            }
        }

        while (parents.Any(p => all.Contains(p.Parent) && all.Add(p.Id)))
        {
            // Once more, for the children of the one that was added.
        }

        return all;
    }

    /// <summary>"123 (name) S 45 …": the name may hold anything, so the line is read from its last parenthesis.</summary>
    private static int? ParentOf(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // It has just ended.
        }
    }
}
