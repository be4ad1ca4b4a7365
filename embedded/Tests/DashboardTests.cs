using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Clinic.Embedded.Hosting.Dashboard;
using Clinic.Embedded.Hosting.Dashboard.Protocol;
using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Clinic.Tests.Embedded;

/// <summary>The real dashboard beside the whole app. Skipped, with the reason, where it cannot be had.</summary>
public sealed class DashboardTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task The_dashboard_shows_the_app_and_commands_it()
    {
        using var limit = new CancellationTokenSource(Patience);
        await using var app = await ClinicApp.StartAsync(["web"], change: null, "--ClinicDashboard=true", "--Seed:Patients=1", "--Seed:AppointmentsPerDoctor=0");
        var settings = await DashboardOfAsync(app, limit.Token);
        using var service = new ResourceServiceClient(settings.ResourceService.ToString(), settings.ResourceServiceApiKey);

        var page = await browser.OpenAsync(settings.Frontend);
        await page.GotoAsync(settings.LoginUrl);
        await page.GetByText("clinicdb").First.WaitForAsync();

        var api = await UntilAsync(service, "api", resource => resource.State == "Running", limit.Token);
        var database = await UntilAsync(service, "clinicdb", _ => true, limit.Token);
        var server = await UntilAsync(service, "postgres", _ => true, limit.Token);
        Assert.Equal(server.Name, database.Properties.Single(property => property.Name == KnownProperties.Parent).Value.StringValue);
        Assert.Equal("api", api.Environment.Single(variable => variable.Name == "OTEL_SERVICE_NAME").Value);
        Assert.Equal($"service.instance.id={api.Name.Split('-')[^1]}", api.Environment.Single(variable => variable.Name == "OTEL_RESOURCE_ATTRIBUTES").Value);
        Assert.Contains(api.Relationships, relationship => relationship is { ResourceName: "clinicdb", Type: "Reference" });
        await UntilAsync(service, "migrations", resource => resource.State == "Finished", limit.Token);

        var web = await UntilAsync(service, "web", _ => true, limit.Token);
        Assert.Equal(ResourceCommandResponseKind.Succeeded, await CommandAsync(service, web.Name, "stop", limit.Token));
        await UntilAsync(service, "web", resource => resource.State is "Finished" or "Exited", limit.Token);
        Assert.Equal(ResourceCommandResponseKind.Succeeded, await CommandAsync(service, web.Name, "start", limit.Token));
        await UntilAsync(service, "web", resource => resource.State == "Running", limit.Token);
        Assert.Equal(ResourceCommandResponseKind.Failed, await CommandAsync(service, web.Name, "no-such-command", limit.Token));

        var logs = new List<string>();
        var request = new WatchResourceConsoleLogsRequest { ResourceName = api.Name, SuppressFollow = true };
        await foreach (var update in service.CallAsync("WatchResourceConsoleLogs", request, WatchResourceConsoleLogsUpdate.Parser, limit.Token))
        {
            logs.AddRange(update.LogLines.Select(line => line.Text));
        }

        Assert.Contains(logs, line => line.Contains("Now listening on", StringComparison.Ordinal));

        api = await RestartWhilePollingAsync(app, service, api, limit.Token);
        using (var process = Process.GetProcessById(ProcessIdOf(api)!.Value))
        {
            process.Kill();
        }

        var exited = await UntilAsync(service, "api", resource => resource.State == "Exited", limit.Token);
        Assert.NotEqual(0, exited.Properties.Single(property => property.Name == KnownProperties.ExitCode).Value.NumberValue);
    }

    /// <summary>Restarts the API as the page does. Who asks meanwhile gets an answer, a 502 or 503, or no connection.</summary>
    private static async Task<Resource> RestartWhilePollingAsync(
        DistributedApplication app, ResourceServiceClient service, Resource api, CancellationToken cancellationToken)
    {
        using var polling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var client = app.CreateHttpClient("api");
        var odd = new ConcurrentBag<HttpStatusCode>();
        var poll = PollAsync();

        Assert.Equal(ResourceCommandResponseKind.Succeeded, await CommandAsync(service, api.Name, "restart", cancellationToken));
        var restarted = await UntilAsync(
            service, "api", resource => resource.State == "Running" && ProcessIdOf(resource) is { } id && id != ProcessIdOf(api), cancellationToken);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", cancellationToken);
        await polling.CancelAsync();
        await poll;

        Assert.Empty(odd);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/doctors?pageSize=1", cancellationToken)).StatusCode);
        return restarted;

        async Task PollAsync()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (!polling.IsCancellationRequested)
            {
                try
                {
                    await timer.WaitForNextTickAsync(polling.Token);
                    using var response = await client.GetAsync("/api/doctors?pageSize=1", polling.Token);
                    if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable))
                    {
                        odd.Add(response.StatusCode);
                    }
                }
                catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
                {
                    // No connection for the moment, or the polling is over.
                }
            }
        }
    }

    private static int? ProcessIdOf(Resource resource) =>
        (int?)resource.Properties.SingleOrDefault(property => property.Name == KnownProperties.ProcessId)?.Value.NumberValue;

    /// <summary>The dashboard, once it answers.</summary>
    internal static async Task<DashboardSettings> DashboardOfAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        var dashboard = app.Services.GetRequiredService<DashboardHost>();
        using var client = new HttpClient();
        using var timer = new PeriodicTimer(Interval);
        while (true)
        {
            Assert.SkipUnless(dashboard.Problem is null, $"No dashboard: {dashboard.Problem}");
            try
            {
                if (dashboard.Current is { } settings
                    && (await client.GetAsync(new Uri(settings.Frontend, "/health"), cancellationToken)).IsSuccessStatusCode)
                {
                    return settings;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async Task<Resource> UntilAsync(
        ResourceServiceClient service, string name, Func<Resource, bool> condition, CancellationToken cancellationToken)
    {
        await foreach (var update in service.CallAsync("WatchResources", new WatchResourcesRequest(), WatchResourcesUpdate.Parser, cancellationToken))
        {
            var resources = update.InitialData?.Resources.AsEnumerable() ?? update.Changes.Value.Select(change => change.Upsert);
            if (resources.FirstOrDefault(resource => resource.DisplayName == name && condition(resource)) is { } found)
            {
                return found;
            }
        }

        throw new InvalidOperationException("The resource service has ended.");
    }

    private static async Task<ResourceCommandResponseKind> CommandAsync(
        ResourceServiceClient service, string resource, string command, CancellationToken cancellationToken)
    {
        var request = new ResourceCommandRequest { ResourceName = resource, CommandName = command };
        await foreach (var response in service.CallAsync("ExecuteResourceCommand", request, ResourceCommandResponse.Parser, cancellationToken))
        {
            return response.Kind;
        }

        return ResourceCommandResponseKind.Undefined;
    }
}
