namespace Clinic.Embedded.Hosting.Processes;

/// <summary>The way to ask a process to end.</summary>
internal enum StopSignal
{
    /// <summary>SIGINT; PostgreSQL's fast stop, which does not wait for its clients.</summary>
    Interrupt = 2,

    /// <summary>SIGTERM.</summary>
    Terminate = 15,
}

/// <summary>A process to start.</summary>
internal sealed record ProcessSpec
{
    /// <summary>The full path of the program.</summary>
    public required string FileName { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>What runs, in a person's eyes: the program, or the assembly that <c>dotnet</c> runs.</summary>
    public string Program => FileName == Executables.Dotnet && Arguments is [var assembly, ..] ? assembly : FileName;

    public required string WorkingDirectory { get; init; }

    /// <summary>The whole environment; nothing else is inherited.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public StopSignal StopSignal { get; init; } = StopSignal.Terminate;

    /// <summary>A command that runs the rest of the command line with fewer rights, if one is needed.</summary>
    public IReadOnlyList<string> Wrapper { get; init; } = [];
}
