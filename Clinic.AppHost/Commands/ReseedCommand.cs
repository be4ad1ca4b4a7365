using Microsoft.Extensions.DependencyInjection;

namespace Clinic.AppHost.Commands;

/// <summary>Offers to run the worker once more with <c>Seed:Reset=true</c>, which drops all that the clinic holds and seeds it anew.</summary>
internal static class ReseedCommand
{
    public static IResourceBuilder<ProjectResource> WithReseedCommand(this IResourceBuilder<ProjectResource> worker)
    {
        // Holds for one run only: whoever starts the worker the next time means to keep the data.
        var resets = 0;

        return worker
            .WithEnvironment(context =>
            {
                if (Volatile.Read(ref resets) == 1)
                {
                    context.EnvironmentVariables["Seed__Reset"] = "true";
                }
            })
            .WithCommand(
                "reseed",
                "Reseed",
                async context =>
                {
                    if (Interlocked.Exchange(ref resets, 1) == 1)
                    {
                        return CommandResults.Failure("The worker is reseeding already.");
                    }

                    try
                    {
                        return await RunAgainAsync(worker.Resource, context);
                    }
                    finally
                    {
                        Volatile.Write(ref resets, 0);
                    }
                },
                new CommandOptions
                {
                    Description = "Drop all data and seed again",
                    ConfirmationMessage = "Every patient and visit is dropped, and the seed is loaded anew. Go on?",
                    IconName = "DatabaseArrowUp",
                    IsHighlighted = true,
                });
    }

    private static async Task<ExecuteCommandResult> RunAgainAsync(ProjectResource worker, ExecuteCommandContext context)
    {
        var commands = context.Services.GetRequiredService<ResourceCommandService>();
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();

        var restarted = DateTime.UtcNow;
        var restart = await commands.ExecuteCommandAsync(context.ResourceName, KnownResourceCommands.RestartCommand, context.CancellationToken);
        if (!restart.Success)
        {
            return restart;
        }

        var ended = await notifications.WaitForResourceAsync(
            worker.Name,
            e => e.Snapshot.StopTimeStamp >= restarted && KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text),
            context.CancellationToken);

        return ended.Snapshot.ExitCode == 0
            ? CommandResults.Success()
            : CommandResults.Failure("The worker has failed; its console log says why.");
    }
}
