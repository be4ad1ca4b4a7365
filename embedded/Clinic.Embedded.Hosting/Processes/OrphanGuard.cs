using System.Diagnostics;

namespace Clinic.Embedded.Hosting.Processes;

/// <summary>
/// Sees to it that no process is left behind when this one is killed: <see cref="UnixGuard"/> or <see cref="WindowsGuard"/>.
/// </summary>
internal abstract class OrphanGuard : IDisposable
{
    /// <summary>Gives a command a process group of its own.</summary>
    public static IReadOnlyList<string> OwnGroup { get; } =
        OperatingSystem.IsWindows() ? []
        : Executables.FindOnPath("setsid") is { } setsid ? [setsid]
        : Executables.FindOnPath("perl") is { } perl ? [perl, "-e", "setpgrp; exec { $ARGV[0] } @ARGV", "--"]
        : [];

    private static readonly string? SetPriv = OperatingSystem.IsLinux() ? Executables.FindOnPath("setpriv") : null;

    public static OrphanGuard Create() => OperatingSystem.IsWindows() ? new WindowsGuard() : new UnixGuard();

    /// <summary>Has the Linux kernel signal the command when its parent dies.</summary>
    public static IEnumerable<string> DieWithParent(StopSignal signal) =>
        SetPriv is null ? [] : [SetPriv, "--pdeathsig", signal == StopSignal.Interrupt ? "INT" : "TERM"];

    public abstract void Guard(Process process, StopSignal signal);

    public abstract void Release(Process process);

    public abstract void DeleteAtEnd(string folder);

    public abstract void Dispose();
}
