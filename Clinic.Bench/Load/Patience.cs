using Clinic.Bench.Running;

namespace Clinic.Bench.Load;

/// <summary>Ends a run in which a server does not answer any more.</summary>
internal static class Patience
{
    private static readonly TimeSpan AfterTheEnd = TimeSpan.FromSeconds(30);

    /// <exception cref="BenchFailure">The workers are not done long after they should be.</exception>
    public static async Task WaitAsync(Task workers, TimeSpan duration, CancellationToken cancellationToken)
    {
        try
        {
            await workers.WaitAsync(duration + AfterTheEnd, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new BenchFailure($"A request was not answered within {AfterTheEnd.TotalSeconds:0} s.");
        }
    }
}
