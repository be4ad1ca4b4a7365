using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Clinic.Embedded.Hosting.Dashboard;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Postgres;
using Clinic.Embedded.Hosting.Processes;
using Clinic.Embedded.Hosting.Projects;
using Clinic.Embedded.Hosting.Redis;
using Clinic.Embedded.Hosting.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <inheritdoc cref="IDistributedApplicationBuilder"/>
internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder, IHasEmbeddedSettings
{
    private readonly HostApplicationBuilder _host;
    private readonly EntryPointRun? _run;

    /// <param name="args">The command line.</param>
    /// <param name="run">The test that runs this AppHost, if one does.</param>
    public DistributedApplicationBuilder(string[] args, EntryPointRun? run)
    {
        _run = run;
        AppHostAssembly = run?.AppHostAssembly ?? Assembly.GetEntryAssembly();
        AppHostDirectory = AppHostMetadata.ProjectDirectory(AppHostAssembly) ?? AppContext.BaseDirectory;

        // An empty builder would lack appsettings.json and user secrets; the full one looks for them in the working
        // directory, and `dotnet run --project` leaves that where the caller is.
        _host = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args,
            ApplicationName = AppHostAssembly?.GetName().Name,
            ContentRootPath = AppHostDirectory,
            Configuration = run is null ? null : AppHostMetadata.LaunchProfileConfiguration(AppHostDirectory),
        });

        Settings = new EmbeddedSettings(
            AppHostName: AppHostAssembly?.GetName().Name ?? "apphost",
            AppHostDirectory: AppHostDirectory,
            IsTest: run is not null,
            LaunchProfile: Configuration["DOTNET_LAUNCH_PROFILE"],
            Folders: new UserFolders(Configuration));

        AddServices();
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public IHostEnvironment Environment => _host.Environment;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IServiceCollection Services => _host.Services;

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public EmbeddedSettings Settings { get; }

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        // Under a test this hands the builder over and returns when the test wants the application built.
        _run?.OnBuilding(this);
        ModelCheck.Verify(Resources);

        var application = new DistributedApplication(_host.Build(), _run);
        _run?.OnBuilt(application);
        return application;
    }

    private void AddServices()
    {
        Services.AddSingleton(Settings);
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(services => new ResourceNotificationService(services.GetRequiredService<DistributedApplicationModel>()));
        Services.AddSingleton(_ => new ResourceLoggerService());
        Services.AddSingleton(services => new ResourceCommandService(services.GetRequiredService<Orchestrator>(), services));

        Services.AddSingleton<ProcessSpawner>();
        Services.AddSingleton<CommandRunner>();
        Services.AddSingleton<Downloads>();
        Services.AddSingleton<PortAllocator>();
        Services.AddSingleton<ResourceOutput>();
        Services.AddSingleton<PostgresBinaries>();
        Services.AddSingleton<PostgresDataFolder>();
        Services.AddSingleton<RedisServers>();
        Services.AddSingleton<ResourceLauncher, ProjectLauncher>();
        Services.AddSingleton<ResourceLauncher, PostgresLauncher>();
        Services.AddSingleton<ResourceLauncher, PostgresDatabaseLauncher>();
        Services.AddSingleton<ResourceLauncher, RedisLauncher>();
        Services.AddSingleton<Orchestrator>();
        Services.AddDashboard(DashboardSettings.Read(Configuration, Settings.IsTest, new PortAllocator()));
        Services.AddHostedService(services => services.GetRequiredService<Orchestrator>());
        Services.AddHttpClient();

        if (!Settings.IsTest)
        {
            Services.AddHostedService<ConsoleReport>();
            Services.AddHostedService<ParentWatch>();
        }

        // The report says it in its own words.
        Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(1));
        _host.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
    }
}
