using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Clinic.Embedded.Hosting.Orchestration;

namespace Clinic.Embedded.Hosting.Postgres;

/// <summary>
/// <c>postmaster.pid</c>, which a server writes into its data folder and takes away when it ends. After a power cut it is
/// left there and names a process that is gone, or is something else by now.
/// </summary>
internal static class PostmasterFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Lets the server of a killed AppHost end, and removes a file that nobody stands behind.</summary>
    /// <exception cref="DistributedApplicationException">A server uses the folder and does not end.</exception>
    public static async Task AwaitEndOfPreviousAsync(string data, IOutput output, CancellationToken cancellationToken)
    {
        var file = Path.Combine(data, "postmaster.pid");
        var since = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Interval);

        while (File.Exists(file))
        {
            if (ServerOf(file) is not { } processId)
            {
                output.Tell("was not stopped cleanly the last time; it recovers by itself");
                File.Delete(file);
                return;
            }

            if (since.Elapsed > Patience)
            {
                throw new DistributedApplicationException(
                    $"its data in {data} is in use by the PostgreSQL server with process id {processId}. End it: kill -INT {processId}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <returns>The id of the server's process; nothing when there is no such process, or it is no PostgreSQL.</returns>
    private static int? ServerOf(string file)
    {
        try
        {
            var processId = int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture);
            using var process = Process.GetProcessById(processId);
            return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) ? processId : null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException or IOException)
        {
            return null;
        }
    }
}
