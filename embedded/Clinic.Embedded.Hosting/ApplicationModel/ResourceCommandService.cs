using Clinic.Embedded.Hosting.Orchestration;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What came of a command.</summary>
public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public string? Message { get; init; }
}

/// <summary>Starts, stops and restarts resources; see <see cref="KnownResourceCommands"/>.</summary>
public sealed class ResourceCommandService
{
    private readonly Orchestrator _orchestrator;

    internal ResourceCommandService(Orchestrator orchestrator) => _orchestrator = orchestrator;

    /// <summary>Commands one instance.</summary>
    /// <param name="resourceId">Its id, or the resource's name when the resource has one instance only.</param>
    /// <param name="commandName">One of <see cref="KnownResourceCommands"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; what was begun goes on.</param>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (_orchestrator.FindInstance(resourceId) is not { } instance)
        {
            return new() { Success = false, Message = $"There is no resource '{resourceId}', or it has several instances." };
        }

        return await ExecuteAsync([instance], commandName, cancellationToken);
    }

    /// <summary>Commands all instances of the resource.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteAsync(_orchestrator.InstancesOf(resource), commandName, cancellationToken);

    private static async Task<ExecuteCommandResult> ExecuteAsync(
        IReadOnlyList<ResourceInstance> instances, string commandName, CancellationToken cancellationToken)
    {
        Func<ResourceInstance, Task>? command =
            commandName == KnownResourceCommands.StartCommand ? instance => instance.StartAsync()
            : commandName == KnownResourceCommands.StopCommand ? instance => instance.StopAsync()
            : commandName == KnownResourceCommands.RestartCommand ? instance => instance.RestartAsync()
            : null;

        if (command is null || !instances.All(instance => instance.TakesCommands))
        {
            return new() { Success = false, Message = $"The command '{commandName}' is not available." };
        }

        await Task.WhenAll(instances.Select(command)).WaitAsync(cancellationToken);
        return new() { Success = true };
    }
}
