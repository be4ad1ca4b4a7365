using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Aspire.Hosting;
using Clinic.Embedded.Hosting.Orchestration;

namespace Clinic.Embedded.Hosting.Processes;

/// <summary>
/// Starts processes that do not outlive this one, in whatever way it ends: <see cref="OrphanGuard"/> ends them, and on Linux the kernel does
/// as well (<c>setpriv --pdeathsig</c>). The kernel watches the thread that started the process, so one thread starts them all
/// and lives as long as the spawner.
/// </summary>
internal sealed class ProcessSpawner : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Lazy<OrphanGuard> _guard = new(OrphanGuard.Create);
    private readonly Thread _thread;

    public ProcessSpawner()
    {
        _thread = new Thread(() =>
        {
            foreach (var work in _work.GetConsumingEnumerable())
            {
                work();
            }
        })
        { IsBackground = true, Name = "process spawner" };
        _thread.Start();
    }

    /// <exception cref="DistributedApplicationException">The program cannot be started.</exception>
    public Task<ManagedProcess> StartAsync(ProcessSpec spec, IOutput output)
    {
        var started = new TaskCompletionSource<ManagedProcess>(TaskCreationOptions.RunContinuationsAsynchronously);

        _work.Add(() =>
        {
            try
            {
                started.SetResult(Start(spec, output));
            }
            catch (Exception exception) when (exception is Win32Exception or IOException)
            {
                started.SetException(new DistributedApplicationException($"Cannot start {spec.FileName}: {exception.Message}", exception));
            }
        });

        return started.Task;
    }

    /// <summary>The folder is deleted when this process ends, in whatever way it ends.</summary>
    public void DeleteAtEnd(string folder) => _guard.Value.DeleteAtEnd(folder);

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();

        if (_guard.IsValueCreated)
        {
            _guard.Value.Dispose();
        }
    }

    private ManagedProcess Start(ProcessSpec spec, IOutput output)
    {
        string[] commandLine = [.. OrphanGuard.OwnGroup, .. spec.Wrapper, .. OrphanGuard.DieWithParent(spec.StopSignal), spec.FileName, .. spec.Arguments];
        var start = new ProcessStartInfo(commandLine[0], commandLine[1..])
        {
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };

        if (OperatingSystem.IsWindows())
        {
            start.CreateNewProcessGroup = true;
        }

        start.Environment.Clear();
        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        process.Start();
        process.StandardInput.Close();
        _guard.Value.Guard(process, spec.StopSignal);

        return new ManagedProcess(process, spec.StopSignal, output, () => _guard.Value.Release(process));
    }
}
