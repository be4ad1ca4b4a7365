using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Clinic.Embedded.Hosting.Processes;

/// <summary>A Windows job: the system ends its processes when the last handle to it closes, which the end of this process does.</summary>
internal sealed class WindowsGuard : OrphanGuard
{
    private const int ExtendedLimitInformationClass = 9;
    private const uint KillOnJobClose = 0x2000;

    private readonly SafeFileHandle _job;

    public WindowsGuard()
    {
        _job = CreateJobObject(IntPtr.Zero, null);
        var limits = new ExtendedLimitInformation { LimitFlags = KillOnJobClose };

        if (_job.IsInvalid || !SetInformationJobObject(_job, ExtendedLimitInformationClass, ref limits, Marshal.SizeOf(limits)))
        {
            throw new Win32Exception();
        }
    }

    public override void Guard(Process process, StopSignal signal) => AssignProcessToJobObject(_job, process.Handle);

    public override void Release(Process process)
    {
        // A process leaves its job by ending.
    }

    public override void DeleteAtEnd(string folder)
    {
        // Folders of a killed AppHost stay in the user's temporary folder.
    }

    public override void Dispose() => _job.Dispose();

    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern SafeFileHandle CreateJobObject(IntPtr attributes, string? name);

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetInformationJobObject(SafeFileHandle job, int informationClass, ref ExtendedLimitInformation information, int length);

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool AssignProcessToJobObject(SafeFileHandle job, IntPtr process);

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION; only the flags are of interest, the rest keeps its size.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ExtendedLimitInformation
    {
        public long PerProcessUserTimeLimit;
        public long PerJobUserTimeLimit;
        public uint LimitFlags;
        public UIntPtr MinimumWorkingSetSize;
        public UIntPtr MaximumWorkingSetSize;
        public uint ActiveProcessLimit;
        public UIntPtr Affinity;
        public uint PriorityClass;
        public uint SchedulingClass;
        public ulong ReadOperationCount;
        public ulong WriteOperationCount;
        public ulong OtherOperationCount;
        public ulong ReadTransferCount;
        public ulong WriteTransferCount;
        public ulong OtherTransferCount;
        public UIntPtr ProcessMemoryLimit;
        public UIntPtr JobMemoryLimit;
        public UIntPtr PeakProcessMemoryUsed;
        public UIntPtr PeakJobMemoryUsed;
    }
}
