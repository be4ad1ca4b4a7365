namespace Clinic.MigrationWorker.Running;

/// <summary>
/// Why the worker stops, for whoever configures and starts it: each problem is one line that says what is wrong, where,
/// and what would be right. No stack trace belongs to it.
/// </summary>
public sealed class WorkerFailure(IReadOnlyList<string> problems, Exception? cause = null)
    : Exception(string.Join(Environment.NewLine, problems), cause)
{
    public WorkerFailure(string problem, Exception? cause = null)
        : this([problem], cause)
    {
    }

    /// <summary>At least one.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
