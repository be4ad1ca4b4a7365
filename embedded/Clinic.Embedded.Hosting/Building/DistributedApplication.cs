using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application of several processes, started and stopped as one.</summary>
public sealed class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly EntryPointRun? _interceptedBy;
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal DistributedApplication(IHost host, EntryPointRun? interceptedBy)
    {
        _host = host;
        _interceptedBy = interceptedBy;
    }

    public IServiceProvider Services => _host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Begins the description of an application. Arguments like <c>--Section:Key=value</c> are configuration.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return new DistributedApplicationBuilder(args, EntryPointRun.Current);
    }

    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs until Ctrl+C or SIGTERM; then everything is stopped in reverse order.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_interceptedBy is not null)
        {
            // A test runs this entry point and starts the application itself, when it is ready.
            await _disposed.Task;
            return;
        }

        await HostingAbstractionsHostExtensions.RunAsync(this, cancellationToken);
    }

    /// <summary>Begins to start everything; wait for a resource with <see cref="ResourceNotifications"/>.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (!_disposed.TrySetResult())
        {
            return;
        }

        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
        else
        {
            _host.Dispose();
        }
    }
}
