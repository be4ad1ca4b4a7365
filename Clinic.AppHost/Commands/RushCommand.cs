using Microsoft.Extensions.Logging;

namespace Clinic.AppHost.Commands;

/// <summary>Offers a short burst of searches and bookings against the API, so that traces and metrics have something to show.</summary>
internal static class RushCommand
{
    public static IResourceBuilder<ProjectResource> WithRushCommand(this IResourceBuilder<ProjectResource> api)
    {
        var running = 0;

        return api.WithCommand(
            "rush",
            "Simulate a rush",
            async context =>
            {
                if (Interlocked.Exchange(ref running, 1) == 1)
                {
                    return CommandResults.Failure("A rush is on already.");
                }

                try
                {
                    var rush = new Rush(new Uri(api.GetEndpoint("http").Url));
                    var outcome = await rush.RunAsync(context.CancellationToken);
                    context.Logger.LogInformation("Rush: {Outcome}", outcome);
                    return CommandResults.Success();
                }
                catch (HttpRequestException exception)
                {
                    return CommandResults.Failure(exception);
                }
                finally
                {
                    Volatile.Write(ref running, 0);
                }
            },
            new CommandOptions
            {
                Description = "Ten seconds of searches and bookings; every booking is cancelled again",
                IconName = "PeopleQueue",
                IsHighlighted = true,
                UpdateState = state => state.ResourceSnapshot.State?.Text == KnownResourceStates.Running
                    ? ResourceCommandState.Enabled
                    : ResourceCommandState.Disabled,
            });
    }
}
