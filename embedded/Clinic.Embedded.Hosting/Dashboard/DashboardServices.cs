using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace Clinic.Embedded.Hosting.Dashboard;

/// <summary>Adds the dashboard to the services of the application.</summary>
internal static class DashboardServices
{
    /// <summary>Must come before the orchestrator is added as a hosted service: hosted services start in order, and stop in reverse.</summary>
    public static void AddDashboard(this IServiceCollection services, DashboardSettings? settings)
    {
        services.AddSingleton<DashboardProgram>();
        services.AddSingleton<DashboardOutput>();
        services.AddSingleton<ResourceService>();
        services.AddSingleton(provider =>
        {
            // Asked for when a resource is described, and not before: the orchestrator's launchers need the dashboard themselves.
            string? FirstInstanceOf(IResource resource) => provider.GetRequiredService<Orchestrator>().InstancesOf(resource).FirstOrDefault()?.Id;
            return new ResourceMapping(provider, FirstInstanceOf);
        });
        services.AddSingleton(provider => new DashboardHost(
            settings,
            provider.GetRequiredService<DashboardProgram>(),
            new Lazy<ResourceService>(provider.GetRequiredService<ResourceService>),
            provider.GetRequiredService<ProcessSpawner>(),
            provider.GetRequiredService<IHttpClientFactory>(),
            provider.GetRequiredService<DashboardOutput>()));
        services.AddHostedService(provider => provider.GetRequiredService<DashboardHost>());
    }
}
