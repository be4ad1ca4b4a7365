namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states of a resource.</summary>
public static class KnownResourceStates
{
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>Not started yet because something that it waits for is not there.</summary>
    public static readonly string Waiting = nameof(Waiting);

    public static readonly string Starting = nameof(Starting);

    public static readonly string Running = nameof(Running);

    public static readonly string Stopping = nameof(Stopping);

    /// <summary>A project's process has ended with code 0; see <see cref="CustomResourceSnapshot.ExitCode"/>.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>A server's process has ended, or a project's with another code; see <see cref="CustomResourceSnapshot.ExitCode"/>.</summary>
    public static readonly string Exited = nameof(Exited);

    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>Those after which nothing happens until somebody starts the resource.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>The commands that every process answers to.</summary>
public static class KnownResourceCommands
{
    public static readonly string StartCommand = "start";

    public static readonly string StopCommand = "stop";

    public static readonly string RestartCommand = "restart";
}
