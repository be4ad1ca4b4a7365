using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Clinic.Bench.Limits;
using Clinic.Bench.Running;
using Clinic.Bench.Scenarios;

if (args is [LimitsHost.Argument])
{
    return await LimitsHost.RunAsync();
}

if (args is ["--help" or "-h" or "-?" or "help"])
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    var wanted = Arguments.Read(args);
    if (Assembly.GetExecutingAssembly().GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
    {
        throw new BenchFailure("This is a Debug build, whose figures say nothing. Run it with -c Release.");
    }

    await Run.AllAsync(wanted, stop.Token);
    return 0;
}
catch (BenchFailure failure)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped. What was finished is in the report.");
    return 130;
}

// The apps are stopped on the way out; a second signal does not wait for that.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
