namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>Something that has been launched.</summary>
internal interface IRunningResource
{
    int? ProcessId { get; }

    /// <summary>Completes with the exit code when it has ended, by itself or not.</summary>
    Task<int> Exited { get; }

    /// <summary>Asks it to end, makes it end, and returns when it has ended.</summary>
    Task StopAsync();
}
