using Clinic.Embedded.Hosting.Orchestration;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Executes the commands of resources: <see cref="KnownResourceCommands"/> and those that the application adds.</summary>
public sealed class ResourceCommandService
{
    private readonly Orchestrator _orchestrator;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(Orchestrator orchestrator, IServiceProvider services)
    {
        _orchestrator = orchestrator;
        _services = services;
    }

    /// <summary>Commands one instance.</summary>
    /// <param name="resourceId">Its id, or the resource's name when the resource has one instance only.</param>
    /// <param name="commandName">The command.</param>
    /// <param name="cancellationToken">Gives up waiting; what was begun may go on.</param>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        _orchestrator.FindInstance(resourceId) is { } instance
            ? await ExecuteAsync(instance, commandName, cancellationToken)
            : CommandResults.Failure($"There is no resource '{resourceId}', or it has several instances.");

    /// <summary>Commands all instances of the resource.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        var results = await Task.WhenAll(
            _orchestrator.InstancesOf(resource).Select(instance => ExecuteAsync(instance, commandName, cancellationToken)));

        return results.FirstOrDefault(result => !result.Success)
            ?? results.FirstOrDefault()
            ?? CommandResults.Failure($"'{resource.Name}' has not been started.");
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(ResourceInstance instance, string commandName, CancellationToken cancellationToken)
    {
        var command = instance.Resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(candidate => candidate.Name == commandName);
        if (command is null)
        {
            return CommandResults.Failure($"The command '{commandName}' is not available.");
        }

        try
        {
            return await command.ExecuteCommand(new ExecuteCommandContext
            {
                Services = _services,
                ResourceName = instance.Id,
                CancellationToken = cancellationToken,
                Logger = new OutputLogger(instance.Output),
            }).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return CommandResults.Canceled();
        }
        catch (Exception exception)
        {
            // Whatever a command does wrong is the command's outcome, and not the end of the one who asked.
            return CommandResults.Failure(exception);
        }
    }
}
