using Clinic.MigrationWorker.Running;

namespace Clinic.MigrationWorker.Files;

/// <summary>
/// What is wrong with the seed files, gathered so that one run tells all of it. Bounded: a file that is wrong throughout
/// must not flood the log.
/// </summary>
internal sealed class SeedProblems
{
    private const int Most = 50;

    private readonly List<string> _problems = [];

    /// <summary>All that were found, those beyond the bound included.</summary>
    public int Count { get; private set; }

    /// <param name="place">File and entry, as <c>doctors.json, entry 3 (ana-rojas)</c>.</param>
    /// <param name="reason">What is wrong and what would be right.</param>
    public void Add(string place, string reason)
    {
        Count++;
        if (Count <= Most)
        {
            _problems.Add(OneLine($"{place}: {reason}"));
        }
    }

    /// <exception cref="WorkerFailure">There is any problem.</exception>
    public void ThrowIfAny()
    {
        if (Count == 0)
        {
            return;
        }

        var rest = Count > Most ? $" The first {Most} are listed." : "";
        throw new WorkerFailure([.. _problems, $"The seed files have {Count} problem{(Count == 1 ? "" : "s")}; nothing was stored.{rest}"]);
    }

    /// <summary>What a file holds must not be able to forge lines of the log.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
