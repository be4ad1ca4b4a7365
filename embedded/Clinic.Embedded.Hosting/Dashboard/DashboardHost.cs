using Aspire.Hosting;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Processes;
using Microsoft.Extensions.Hosting;

namespace Clinic.Embedded.Hosting.Dashboard;

/// <summary>
/// Runs the Aspire dashboard beside the application, which never waits for it and goes on without it. It begins before the resources and
/// ends after them, so that it sees them come and go.
/// </summary>
/// <param name="settings">Nothing when there is to be no dashboard.</param>
/// <param name="program">Finds what is to be run.</param>
/// <param name="resources">Tells the dashboard about the resources; it needs them itself, hence later.</param>
/// <param name="spawner">Starts it so that it is not left behind.</param>
/// <param name="clients">For asking whether it is up.</param>
/// <param name="output">Takes what is to be said about it.</param>
internal sealed class DashboardHost(
    DashboardSettings? settings,
    DashboardProgram program,
    Lazy<ResourceService> resources,
    ProcessSpawner spawner,
    IHttpClientFactory clients,
    DashboardOutput output) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SteadyAfter = TimeSpan.FromSeconds(30);
    private const int MostRestartsInARow = 5;

    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    /// <summary>Where the application sends its telemetry; nothing when no dashboard runs or is on its way.</summary>
    public DashboardSettings? Current { get; private set; }

    /// <summary>Why there is none although there is to be one.</summary>
    public string? Problem { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings is null)
        {
            return Task.CompletedTask;
        }

        if (settings.Addresses.FirstOrDefault(address => !PortAllocator.IsFree(address.Port)) is { } taken)
        {
            GiveUp($"port {taken.Port} is in use, perhaps by another AppHost.");
            return Task.CompletedTask;
        }

        Current = settings;
        _run = Task.Run(() => RunAsync(settings), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private async Task RunAsync(DashboardSettings dashboard)
    {
        try
        {
            var path = await program.GetAsync(output, _stop.Token);
            await resources.Value.StartAsync(dashboard, _stop.Token);
            await KeepRunningAsync(DashboardCommand.For(path, dashboard), dashboard);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The application ends.
        }
        catch (Exception exception)
        {
            // Whatever it is: the application is not to suffer from it.
            GiveUp(exception.Message);
        }
        finally
        {
            Current = null;
        }
    }

    private void GiveUp(string reason)
    {
        Problem = reason;
        output.Tell($"is not available: {reason} The application runs on without it.");
    }

    private async Task KeepRunningAsync(ProcessSpec command, DashboardSettings dashboard)
    {
        for (var restarts = 0; restarts <= MostRestartsInARow; restarts++)
        {
            var started = TimeProvider.System.GetTimestamp();
            var process = await spawner.StartAsync(command, output);

            try
            {
                await WaitUntilReadyAsync(process, dashboard);
                output.Announce(dashboard);
                await process.Exited.WaitAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                await process.StopAsync();
                throw;
            }

            output.Tell($"exited with code {await process.Exited} and is started again");
            if (TimeProvider.System.GetElapsedTime(started) > SteadyAfter)
            {
                restarts = 0;
            }

            await Task.Delay(TimeSpan.FromSeconds(restarts), _stop.Token);
        }

        throw new DistributedApplicationException($"it has ended {MostRestartsInARow + 1} times in a row. {output.LastError}");
    }

    private async Task WaitUntilReadyAsync(ManagedProcess process, DashboardSettings dashboard)
    {
        using var client = clients.CreateClient(nameof(DashboardHost));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(ReadyPatience);

        try
        {
            while (!process.Exited.IsCompleted && !await IsReadyAsync(client, dashboard, patience.Token))
            {
                await Task.Delay(ProbeInterval, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // A slow machine: the address is told all the same.
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, DashboardSettings dashboard, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(dashboard.Frontend, "/health"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
