using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Clinic.Tests.Embedded;

/// <summary>The real AppHost in a process of its own, on free ports, with a small seed.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private const int Interrupt = 2;
    private const int Kill = 9;
    private const int Terminate = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly List<string> _lines = [];

    private AppHostProcess(Process process) => _process = process;

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything that it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <param name="dataFolder">Where it keeps its data.</param>
    public static AppHostProcess Start(DataFolder dataFolder)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Projects.Clinic_AppHost).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["ClinicDashboard"] = "false";
        start.Environment["DcpPublisher__RandomizePorts"] = "true";
        start.Environment["Embedded__DataFolder"] = dataFolder.Path;
        start.Environment["Seed__Patients"] = "1";
        start.Environment["Seed__AppointmentsPerDoctor"] = "0";

        var process = new Process { StartInfo = start };
        var appHost = new AppHostProcess(process);
        process.OutputDataReceived += appHost.Keep;
        process.ErrorDataReceived += appHost.Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return appHost;
    }

    /// <summary>Waits until it has written a line that matches.</summary>
    public async Task<Match> WaitForOutputAsync(string pattern)
    {
        var match = Match.Empty;
        await UntilAsync(() => (match = Regex.Match(Output, pattern, RegexOptions.Multiline)).Success || HasExited, $"output like '{pattern}'");
        Assert.True(match.Success, $"The AppHost ended with code {(HasExited ? ExitCode : 0)} and without output like '{pattern}':\n{Output}");
        return match;
    }

    /// <summary>Waits until everything is up.</summary>
    /// <returns>A client of the API, through the address that the console names.</returns>
    public async Task<HttpClient> WaitForApiAsync()
    {
        var address = await WaitForOutputAsync(@"\| +api: (http://[^/\s]+)");
        return new HttpClient { BaseAddress = new Uri(address.Groups[1].Value) };
    }

    /// <summary>Sends the AppHost, and nothing else, a signal.</summary>
    /// <returns>The AppHost's process and those that it had started by then.</returns>
    public IReadOnlyCollection<ProcessEntry> Send(PosixSignal signal)
    {
        // A runner in the background of a plain shell ignores Ctrl+C, and so does what it starts.
        Assert.SkipWhen(signal == PosixSignal.SIGINT && ProcessEntry.IgnoresInterrupts(_process.Id), "Interrupts are ignored where the tests run.");

        var family = ProcessEntry.FamilyOf(_process.Id);
        Assert.Equal(0, SendSignal(_process.Id, NumberOf(signal)));
        return family;
    }

    /// <summary>Kills the AppHost, and nothing else, so that it cannot clean up.</summary>
    /// <returns>The AppHost's process and those that it had started by then.</returns>
    public IReadOnlyCollection<ProcessEntry> KillAlone()
    {
        var family = ProcessEntry.FamilyOf(_process.Id);
        _process.Kill(entireProcessTree: false);
        return family;
    }

    /// <summary>Waits until all of these processes have ended, the AppHost among them, and all that it wrote is here; ends by force what does not.</summary>
    public async Task WaitForEndAsync(IReadOnlyCollection<ProcessEntry> processes)
    {
        try
        {
            await UntilAsync(() => !ProcessEntry.All().Any(processes.Contains), $"the end of {string.Join(", ", processes)}");
        }
        finally
        {
            foreach (var left in ProcessEntry.All().Where(processes.Contains))
            {
                _ = SendSignal(left.Id, Kill);
            }
        }

        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            await WaitForEndAsync(KillAlone());
        }

        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_lines)
        {
            _lines.Add(line.Data ?? "");
        }
    }

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        var since = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Interval);
        while (!condition())
        {
            Assert.True(since.Elapsed < Patience, $"Waited {Patience} in vain for {what}. The AppHost wrote:\n{Output}");
            await timer.WaitForNextTickAsync();
        }
    }

    private static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGINT => Interrupt,
        PosixSignal.SIGTERM => Terminate,
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    };

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int processId, int signal);
}
