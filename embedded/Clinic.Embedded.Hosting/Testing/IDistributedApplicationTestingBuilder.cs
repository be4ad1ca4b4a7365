using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>An AppHost's description of its application, in the hands of a test.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

internal sealed class TestingBuilder(EntryPointRun run, DistributedApplicationBuilder inner)
    : IDistributedApplicationTestingBuilder, IHasEmbeddedSettings
{
    private DistributedApplication? _application;

    public ConfigurationManager Configuration => inner.Configuration;

    public IHostEnvironment Environment => inner.Environment;

    public string AppHostDirectory => inner.AppHostDirectory;

    public Assembly? AppHostAssembly => inner.AppHostAssembly;

    public IServiceCollection Services => inner.Services;

    public IResourceCollection Resources => inner.Resources;

    EmbeddedSettings IHasEmbeddedSettings.Settings => inner.Settings;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => inner.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => inner.CreateResourceBuilder(resource);

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
        _application ??= await run.BuildAsync(cancellationToken);

    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        run.Abandon();

        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }
}
