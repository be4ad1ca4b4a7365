using Aspire.Hosting.ApplicationModel;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.AppHost;

public sealed class FailingWorkerTests
{
    [Fact]
    public async Task R26_when_the_worker_fails_the_API_does_not_start()
    {
        await using var app = await ClinicApp.StartAsync([], change: null, "--Seed:Patients=many");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        var worker = await app.ResourceNotifications.WaitForResourceAsync("migrations", e => e.Snapshot.ExitCode is not null, limit.Token);
        var api = await app.ResourceNotifications.WaitForResourceAsync("api", KnownResourceStates.TerminalStates, limit.Token);

        Assert.Equal(1, worker.Snapshot.ExitCode);
        Assert.Equal(KnownResourceStates.FailedToStart, api);
    }
}
