using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Clinic.Embedded.Hosting.Processes;

/// <summary>
/// Ends processes. Those that <see cref="ProcessSpawner"/> starts lead a process group of their own, so that Ctrl+C in the terminal reaches
/// the AppHost alone, and so that a process can be ended together with all that it has started.
/// </summary>
internal static class Signals
{
    private const int SigKill = 9;
    private const uint CtrlBreak = 1;

    public static void AskToEnd(Process process, StopSignal signal)
    {
        if (OperatingSystem.IsWindows())
        {
            // The one event that can be sent to a single process group; .NET programs and PostgreSQL end orderly on it.
            if (!GenerateConsoleCtrlEvent(CtrlBreak, (uint)process.Id))
            {
                Kill(process);
            }
        }
        else
        {
            _ = SendSignal(process.Id, (int)signal);
        }
    }

    public static void Kill(Process process)
    {
        KillGroup(process);

        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Kills what is left of the group that the process led; the process itself may be gone.</summary>
    public static void KillGroup(Process process)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SendSignal(-process.Id, SigKill);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int processId, int signal);

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GenerateConsoleCtrlEvent(uint controlEvent, uint processGroupId);
}
