using Clinic.Bench.Load;
using Clinic.Bench.Limits;
using Clinic.Bench.Probing;

namespace Clinic.Bench.Running;

/// <summary>The processes that answer, and those that they ask in turn.</summary>
/// <param name="Addresses">Where to send requests.</param>
/// <param name="Servers">Processes whose CPU time is theirs.</param>
/// <param name="Postgres">Postgres's first process.</param>
/// <param name="Redis">Redis's process.</param>
/// <param name="CountsAllocations">Whether the servers can say how much they allocated.</param>
internal sealed record Subject(IReadOnlyList<Uri> Addresses, IReadOnlyList<int> Servers, int Postgres, int Redis, bool CountsAllocations)
{
    public static Subject Of(RunningClinic clinic) =>
        new(clinic.Api, clinic.ApiProcesses, clinic.PostgresProcess, clinic.RedisProcess, CountsAllocations: true);

    public static Subject Of(LimitsProcess limits, RunningClinic clinic) =>
        new([limits.Address], [limits.ProcessId], clinic.PostgresProcess, clinic.RedisProcess, CountsAllocations: false);

    public Task<long> AllocatedAsync(CancellationToken cancellationToken) =>
        CountsAllocations ? AllocationProbe.ReadAsync(Servers, cancellationToken) : Task.FromResult(0L);
}

/// <summary>One of the things that are measured in turn.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Subject">Who answers.</param>
/// <param name="Prepare">Makes what is asked for in one repetition; its time does not count.</param>
internal sealed record Candidate(string Name, Subject Subject, Func<CancellationToken, Task<Workload>> Prepare)
{
    /// <summary>Runs beside the load, until it is cancelled.</summary>
    public Func<CancellationToken, Task>? Beside { get; init; }

    /// <summary>Requests that always are the same, in turn.</summary>
    public static Candidate Repeating(string name, Subject subject, IReadOnlyList<byte[]> requests) =>
        new(name, subject, _ => Task.FromResult<Workload>(new Rotation(requests)));
}
