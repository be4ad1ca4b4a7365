using System.IO.Pipes;

namespace Clinic.Bench.Probing;

/// <summary>Asks an API process how much it has allocated; <see cref="StartupHook"/> answers there.</summary>
internal static class AllocationProbe
{
    private const int Tries = 10;

    public const string Variable = "DOTNET_STARTUP_HOOKS";

    public static string HookPath => typeof(StartupHook).Assembly.Location;

    public static async Task<long> ReadAsync(IEnumerable<int> processIds, CancellationToken cancellationToken)
    {
        long sum = 0;
        foreach (var id in processIds)
        {
            sum += await ReadAsync(id, cancellationToken);
        }

        return sum;
    }

    private static async Task<long> ReadAsync(int processId, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var pipe = new NamedPipeClientStream(".", StartupHook.PipeOf(processId), PipeDirection.In);
                await pipe.ConnectAsync(5000, cancellationToken);
                var bytes = new byte[sizeof(long)];
                await pipe.ReadExactlyAsync(bytes, cancellationToken);
                return BitConverter.ToInt64(bytes);
            }
            catch (Exception exception) when (exception is IOException && tries < Tries)
            {
                // The pipe of the last question was about to be closed.
                await Task.Delay(10, cancellationToken);
            }
        }
    }
}
