using System.Diagnostics;
using Clinic.Embedded.Hosting.Orchestration;

namespace Clinic.Embedded.Hosting.Processes;

/// <summary>A running process, its output and its end.</summary>
internal sealed class ManagedProcess : IRunningResource
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan OutputDrainPeriod = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly StopSignal _stopSignal;
    private readonly Action _whenEnded;

    /// <param name="process">The process, started, with redirected output.</param>
    /// <param name="stopSignal">How to ask it to end.</param>
    /// <param name="output">Takes its lines.</param>
    /// <param name="whenEnded">Runs once when the process has ended, before <see cref="Exited"/> completes.</param>
    public ManagedProcess(Process process, StopSignal stopSignal, IOutput output, Action whenEnded)
    {
        _process = process;
        _stopSignal = stopSignal;
        _whenEnded = whenEnded;
        ProcessId = process.Id;

        Exited = WatchAsync(
            PassOnAsync(process.StandardOutput, line => output.Write(line, isError: false)),
            PassOnAsync(process.StandardError, line => output.Write(line, isError: true)));
    }

    public int? ProcessId { get; }

    public Task<int> Exited { get; }

    public async Task StopAsync()
    {
        if (Exited.IsCompleted)
        {
            return;
        }

        Signals.AskToEnd(_process, _stopSignal);

        try
        {
            await Exited.WaitAsync(GracePeriod);
        }
        catch (TimeoutException)
        {
            Signals.Kill(_process);
            await Exited;
        }
    }

    private static async Task PassOnAsync(StreamReader reader, Action<string> write)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            write(line);
        }
    }

    private async Task<int> WatchAsync(params Task[] outputs)
    {
        // Not WaitForExitAsync alone: it also waits for the output to end, which a grandchild can hold open.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.Exited += (_, _) => ended.TrySetResult();
        _process.EnableRaisingEvents = true;
        await ended.Task;

        // Whatever the process has started goes with it.
        Signals.KillGroup(_process);
        _whenEnded();

        try
        {
            await Task.WhenAll(outputs).WaitAsync(OutputDrainPeriod);
        }
        catch (TimeoutException)
        {
            // Something that left the group still holds the output open; what it writes is nobody's.
        }

        return _process.ExitCode;
    }
}
