using System.Diagnostics;

namespace Clinic.Embedded.Hosting.Processes;

/// <summary>
/// A small shell beside this process. It reads from a pipe which process groups there are; the end of the pipe is the end of
/// this process, and it then ends the groups, newest first, and deletes throw-away folders.
/// </summary>
internal sealed class UnixGuard : OrphanGuard
{
    /// <summary>How long the groups have before they are killed, in tenths of a second.</summary>
    private const int GraceTenths = 100;

    private const string Script = """
        trap '' INT TERM HUP
        running= ; folders=
        while IFS=' ' read -r word a b; do
          case $word in
            run) running="$a:$b $running" ;;
            end) rest= ; for p in $running; do [ "${p%%:*}" = "$a" ] || rest="$rest $p"; done; running=$rest ;;
            folder) folders="$folders
        $a" ;;
          esac
        done
        for p in $running; do kill -s "${p##*:}" -- "-${p%%:*}" 2>/dev/null; done
        tenths=0
        while [ $tenths -lt $1 ]; do
          alive= ; for p in $running; do kill -s 0 -- "-${p%%:*}" 2>/dev/null && alive=1; done
          [ -n "$alive" ] || break
          sleep 0.1; tenths=$((tenths + 1))
        done
        for p in $running; do kill -s KILL -- "-${p%%:*}" 2>/dev/null; done
        IFS='
        '
        for f in $folders; do rm -rf -- "$f"; done
        """;

    private readonly Process _shell;
    private readonly Lock _lock = new();

    public UnixGuard()
    {
        string[] commandLine = [.. OwnGroup, "/bin/sh", "-c", Script, "orphan-guard", $"{GraceTenths}"];
        _shell = Process.Start(new ProcessStartInfo(commandLine[0], commandLine[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
    }

    public override void Guard(Process process, StopSignal signal) =>
        Say($"run {process.Id} {(signal == StopSignal.Interrupt ? "INT" : "TERM")}");

    public override void Release(Process process) => Say($"end {process.Id}");

    public override void DeleteAtEnd(string folder) => Say($"folder {folder}");

    public override void Dispose()
    {
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    private void Say(string line)
    {
        lock (_lock)
        {
            try
            {
                _shell.StandardInput.WriteLine(line);
                _shell.StandardInput.Flush();
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // Somebody killed the shell, or the application has ended. The kernel's signal remains.
            }
        }
    }
}
