using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>Start, stop and restart, as every process has them.</summary>
internal static class LifecycleCommands
{
    public static void AddTo(IResource resource)
    {
        Add(resource, KnownResourceCommands.StartCommand, "Start", instance => instance.StartAsync(), new()
        {
            Description = "Start the resource",
            IconName = "Play",
            IconVariant = IconVariant.Filled,
            IsHighlighted = true,
            UpdateState = context => IsStopped(context) ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
        });

        Add(resource, KnownResourceCommands.StopCommand, "Stop", instance => instance.StopAsync(), new()
        {
            Description = "Stop the resource",
            IconName = "Stop",
            IconVariant = IconVariant.Filled,
            IsHighlighted = true,
            UpdateState = context => IsStopped(context) ? ResourceCommandState.Hidden
                : Is(context, KnownResourceStates.Stopping) ? ResourceCommandState.Disabled
                : ResourceCommandState.Enabled,
        });

        Add(resource, KnownResourceCommands.RestartCommand, "Restart", instance => instance.RestartAsync(), new()
        {
            Description = "Stop the resource and start it again",
            IconName = "ArrowCounterclockwise",
            UpdateState = context => Is(context, KnownResourceStates.Running) ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
        });
    }

    private static void Add(IResource resource, string name, string displayName, Func<ResourceInstance, Task> command, CommandOptions options) =>
        resource.Annotations.Add(new ResourceCommandAnnotation(
            name,
            displayName,
            async context =>
            {
                await command(context.Services.GetRequiredService<Orchestrator>().FindInstance(context.ResourceName)!);
                return CommandResults.Success();
            },
            options));

    private static bool IsStopped(UpdateCommandStateContext context) =>
        ResourceNotificationService.IsTerminal(context.ResourceSnapshot) || Is(context, KnownResourceStates.NotStarted);

    private static bool Is(UpdateCommandStateContext context, string state) => context.ResourceSnapshot.State?.Text == state;
}
