using System.Globalization;
using Clinic.Bench.Load;
using Clinic.Bench.Reporting;

namespace Clinic.Bench.Running;

/// <summary>
/// Measures candidates in turn, several times over: what else happens on the machine, or its temperature, then befalls all of
/// them alike, and their ratio is worth more than each of the figures.
/// </summary>
internal static class Alternation
{
    /// <summary>Warms each up once, then measures each in every repetition.</summary>
    /// <returns>In the order of the candidates.</returns>
    public static async Task<IReadOnlyList<Measurement>> RunAsync(
        string what, IReadOnlyList<Candidate> candidates, BenchSettings settings, CancellationToken cancellationToken)
    {
        foreach (var candidate in candidates)
        {
            Progress.Say($"{what}: warm up {candidate.Name}");
            for (var bout = 0; bout < settings.WarmUps; bout++)
            {
                await OnceAsync(candidate, settings.Connections, settings.WarmUp, cancellationToken);
                await Task.Delay(settings.Rest, cancellationToken);
            }
        }

        var repetitions = candidates.ToDictionary(c => c.Name, _ => new List<Repetition>());
        for (var round = 1; round <= settings.Repetitions; round++)
        {
            foreach (var candidate in candidates)
            {
                var repetition = await OnceAsync(candidate, settings.Connections, settings.Duration, cancellationToken);
                repetitions[candidate.Name].Add(repetition);
                Progress.Say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what} {round}/{settings.Repetitions}: {candidate.Name}: {repetition.PerSecond:N0}/s, p99 {repetition.P99Ms:0.0} ms, {repetition.ServerCpuMs:0.000} CPU ms each"
                    + $"{(repetition.Errors.Count > 0 ? $", {repetition.Errors.Values.Sum()} ERRORS" : "")}"));
            }
        }

        return [.. candidates.Select(c => new Measurement(c.Name, settings.Connections, repetitions[c.Name]))];
    }

    private static async Task<Repetition> OnceAsync(Candidate candidate, int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        var subject = candidate.Subject;
        var work = await candidate.Prepare(cancellationToken);
        using var beside = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var companion = candidate.Beside?.Invoke(beside.Token) ?? Task.CompletedTask;
        var before = await ReadingAsync(subject, cancellationToken);
        var result = await ClosedLoop.RunAsync(subject.Addresses, connections, work, duration, cancellationToken);
        var after = await ReadingAsync(subject, cancellationToken);
        await beside.CancelAsync();
        await companion;
        return Repetition.Of(result, work.Kinds.Single(), before, after);
    }

    public static async Task<Reading> ReadingAsync(Subject subject, CancellationToken cancellationToken) => new(
        ProcessUsage.CpuOf(subject.Servers),
        ProcessUsage.CpuOf([subject.Postgres]),
        ProcessUsage.CpuOf([subject.Redis]),
        subject.CountsAllocations ? await subject.AllocatedAsync(cancellationToken) : null);
}

/// <summary>What the processes had used up at one moment.</summary>
internal sealed record Reading(TimeSpan ServerCpu, TimeSpan PostgresCpu, TimeSpan RedisCpu, long? Allocated);
