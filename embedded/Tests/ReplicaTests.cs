using System.Diagnostics;
using System.Globalization;
using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Embedded;

/// <summary>R25: a process that ends by itself is shown as ended, and what stands beside it goes on.</summary>
public sealed class ReplicaTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task R25_replicas_serve_through_one_port_and_a_killed_one_is_shown_with_its_exit_code()
    {
        await using var app = await ClinicApp.StartAsync([], change: null, "--Api:Replicas=2", "--Seed:Patients=1", "--Seed:AppointmentsPerDoctor=0");
        using var limit = new CancellationTokenSource(Patience);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("web", limit.Token);
        var replicas = await ReplicasAsync(app, limit.Token);
        Assert.Equal(2, replicas.Length);
        Assert.NotEqual(ProcessIdOf(replicas[0]), ProcessIdOf(replicas[1]));

        // Each in turn is the only one, so each of them stands behind the port.
        foreach (var replica in replicas)
        {
            using (var process = Process.GetProcessById(ProcessIdOf(replica)))
            {
                process.Kill();
            }

            var ended = await app.ResourceNotifications.WaitForResourceAsync("api", e => e.ResourceId == replica && e.Snapshot.ExitCode is not null, limit.Token);

            Assert.Contains(ended.Snapshot.State!.Text, KnownResourceStates.TerminalStates);
            Assert.NotEqual(0, ended.Snapshot.ExitCode);
            Assert.Equal(HttpStatusCode.OK, await HealthAsync(app, "api"));
            Assert.Equal(HttpStatusCode.OK, await HealthAsync(app, "web"));

            await app.ResourceCommands.ExecuteCommandAsync(replica, KnownResourceCommands.StartCommand, limit.Token);
            await app.ResourceNotifications.WaitForResourceAsync("api", e => e.ResourceId == replica && IsHealthy(e), limit.Token);
        }

        int ProcessIdOf(string replica)
        {
            Assert.True(app.ResourceNotifications.TryGetCurrentState(replica, out var state));
            return Convert.ToInt32(state.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The ids of both, once both are healthy.</summary>
    private static async Task<string[]> ReplicasAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        var healthy = new HashSet<string>();
        while (healthy.Count < 2)
        {
            var next = await app.ResourceNotifications.WaitForResourceAsync("api", e => IsHealthy(e) && !healthy.Contains(e.ResourceId), cancellationToken);
            healthy.Add(next.ResourceId);
        }

        return [.. healthy];
    }

    private static bool IsHealthy(ResourceEvent e) => e.Snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy;

    /// <summary>Asks on a connection of its own; one that is kept could lead to a process that is gone.</summary>
    private static async Task<HttpStatusCode> HealthAsync(DistributedApplication app, string resource)
    {
        using var handler = new SocketsHttpHandler();
        using var client = new HttpClient(handler) { BaseAddress = app.GetEndpoint(resource) };
        return (await client.GetAsync("/health")).StatusCode;
    }
}
