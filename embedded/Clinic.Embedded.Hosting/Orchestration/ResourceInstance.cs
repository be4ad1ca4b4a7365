using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>
/// One instance of a resource, from waiting for what it needs to its end, any number of times. It alone says
/// how the instance is doing.
/// </summary>
internal sealed class ResourceInstance
{
    private readonly ResourceLauncher? _launcher;
    private readonly Dependencies _dependencies;
    private readonly ResourceNotificationService _notifications;
    private readonly SemaphoreSlim _oneCommandAtATime = new(1, 1);
    private readonly Lock _lock = new();
    private CustomResourceSnapshot _snapshot;
    private CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    /// <param name="resource">The resource.</param>
    /// <param name="id">Unique among all instances.</param>
    /// <param name="launcher">Launches it; nothing for what is only a value, as a parameter.</param>
    /// <param name="targetPorts">The ports that this instance listens on, by endpoint.</param>
    /// <param name="initial">What is known before the start.</param>
    /// <param name="output">Takes its lines.</param>
    /// <param name="dependencies">Knows what it waits for.</param>
    /// <param name="notifications">Is told every change.</param>
    public ResourceInstance(
        IResource resource,
        string id,
        ResourceLauncher? launcher,
        IReadOnlyDictionary<string, int> targetPorts,
        CustomResourceSnapshot initial,
        IOutput output,
        Dependencies dependencies,
        ResourceNotificationService notifications)
    {
        Resource = resource;
        Id = id;
        TargetPorts = targetPorts;
        Output = output;
        _launcher = launcher;
        _snapshot = initial;
        _dependencies = dependencies;
        _notifications = notifications;
        _notifications.Publish(resource, id, initial);
    }

    public IResource Resource { get; }

    public string Id { get; }

    public IReadOnlyDictionary<string, int> TargetPorts { get; }

    public IOutput Output { get; }

    /// <summary>Begins to start it, unless it is started; returns when it is known to be starting, or waiting.</summary>
    public async Task StartAsync()
    {
        await _oneCommandAtATime.WaitAsync();
        try
        {
            if (_launcher is null || !_run.IsCompleted)
            {
                return;
            }

            _stop.Dispose();
            _stop = new CancellationTokenSource();
            Update(s => s with
            {
                State = KnownResourceStates.Starting,
                StartTimeStamp = null,
                StopTimeStamp = null,
                ExitCode = null,
                HealthReports = HealthMonitor.Unknown(_launcher.ProbesOf(this)),
            });

            var stop = _stop.Token;
            _run = Task.Run(() => RunAsync(_launcher, stop), CancellationToken.None);
        }
        finally
        {
            _oneCommandAtATime.Release();
        }
    }

    /// <summary>Stops it, if it is started, and returns when it has ended.</summary>
    public async Task StopAsync()
    {
        await _oneCommandAtATime.WaitAsync();
        try
        {
            await _stop.CancelAsync();
            await _run;
        }
        finally
        {
            _oneCommandAtATime.Release();
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public void Update(Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        lock (_lock)
        {
            _snapshot = change(_snapshot);
            _notifications.Publish(Resource, Id, _snapshot);
        }
    }

    private async Task RunAsync(ResourceLauncher launcher, CancellationToken stop)
    {
        try
        {
            if (_dependencies.AreMissing(Resource))
            {
                Update(s => s with { State = KnownResourceStates.Waiting });
                await _dependencies.WaitAsync(Resource, stop);
                Update(s => s with { State = KnownResourceStates.Starting });
            }

            var running = await launcher.LaunchAsync(this, stop);
            Update(s => (running.ProcessId is { } processId ? s.WithProperty(KnownProperties.ProcessId, processId) : s) with
            {
                State = KnownResourceStates.Running,
                StartTimeStamp = DateTime.UtcNow,
            });

            await WatchAsync(launcher, running, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Update(s => s with { State = KnownResourceStates.NotStarted });
        }
        catch (Exception exception)
        {
            Output.Tell($"does not start: {exception.Message}");
            Update(s => s with { State = KnownResourceStates.FailedToStart, StopTimeStamp = DateTime.UtcNow });
        }
    }

    private async Task WatchAsync(ResourceLauncher launcher, IRunningResource running, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var health = new HealthMonitor([.. launcher.ProbesOf(this)], Output, ReportHealth).RunAsync(ended.Token);

        try
        {
            await running.Exited.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            Update(s => s with { State = KnownResourceStates.Stopping });
            await running.StopAsync();
        }

        await ended.CancelAsync();
        await health;

        var exitCode = await running.Exited;
        Output.Tell(stop.IsCancellationRequested ? "has stopped" : exitCode == 0 ? "has finished" : $"exited with code {exitCode}");
        Update(s => s with { State = launcher.EndStateOf(exitCode), ExitCode = exitCode, StopTimeStamp = DateTime.UtcNow });
    }

    private void ReportHealth(ImmutableArray<HealthReportSnapshot> reports)
    {
        lock (_lock)
        {
            // Every change is told; that nothing has changed is not.
            if (!_snapshot.HealthReports.SequenceEqual(reports))
            {
                Update(s => s with { HealthReports = reports });
            }
        }
    }
}
