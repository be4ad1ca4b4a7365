using System.Diagnostics;
using Aspire.Hosting;

namespace Clinic.Embedded.Hosting.Processes;

/// <summary>Runs helpers to their end: initdb, npm, dotnet tool.</summary>
internal sealed class CommandRunner(ProcessSpawner spawner)
{
    /// <exception cref="DistributedApplicationException">It ended with an error; the message has its last lines.</exception>
    public async Task<string> RunAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        var output = new CollectedOutput();
        var process = await spawner.StartAsync(spec, output);

        int exitCode;
        try
        {
            exitCode = await process.Exited.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await process.StopAsync();
            throw;
        }

        return exitCode == 0
            ? output.Text
            : throw new DistributedApplicationException(
                $"{Path.GetFileName(spec.FileName)} {spec.Arguments.FirstOrDefault()} failed with code {exitCode}: {output.LastLines}");
    }

    /// <summary>Whether the command can be run and ends well.</summary>
    public static bool Succeeds(string fileName, params string[] arguments)
    {
        var start = new ProcessStartInfo(fileName, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private sealed class CollectedOutput : Orchestration.IOutput
    {
        private const int LinesInMessage = 6;

        private readonly Lock _lock = new();
        private readonly List<string> _lines = [];

        public string Text
        {
            get
            {
                lock (_lock)
                {
                    return string.Join('\n', _lines);
                }
            }
        }

        public string LastLines
        {
            get
            {
                lock (_lock)
                {
                    return string.Join(" | ", _lines.Where(line => line.Trim().Length > 0).TakeLast(LinesInMessage));
                }
            }
        }

        public void Write(string line, bool isError)
        {
            lock (_lock)
            {
                _lines.Add(line);
            }
        }

        public void Keep(string line, bool isError) => Write(line, isError);

        public void Tell(string message) => Write(message, isError: false);
    }
}
