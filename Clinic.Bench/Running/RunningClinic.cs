using System.Globalization;
using System.Net.Http.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Clinic.Bench.Probing;
using Clinic.Core.Contracts;

namespace Clinic.Bench.Running;

/// <summary>What an app is started with.</summary>
internal sealed record ClinicSize(int Doctors, int Patients, int Visits)
{
    public int Replicas { get; init; } = 1;

    /// <summary>Puts itself between the API and Postgres, where set.</summary>
    public Wiretap? Wiretap { get; init; }
}

/// <summary>How long the worker ran, and the most memory that it had, in bytes.</summary>
internal sealed record WorkerRun(TimeSpan Time, long PeakMemory);

/// <summary>The app as its AppHost starts it, without the web frontend, with data that is thrown away.</summary>
internal sealed class RunningClinic : IAsyncDisposable
{
    /// <summary>Under which the hosting tells the id of a resource's process.</summary>
    private const string ProcessId = "executable.pid";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private readonly DistributedApplication _app;

    private RunningClinic(DistributedApplication app) => _app = app;

    public required ClinicSize Size { get; init; }

    /// <summary>Where each instance of the API listens itself.</summary>
    public required IReadOnlyList<Uri> Api { get; init; }

    public required IReadOnlyList<int> ApiProcesses { get; init; }

    public required int PostgresProcess { get; init; }

    public required int RedisProcess { get; init; }

    /// <summary>Connection string of the clinic's database.</summary>
    public required string Database { get; init; }

    /// <summary>Connection string of Redis.</summary>
    public required string Redis { get; init; }

    /// <summary>The run of the worker that seeded it.</summary>
    public required WorkerRun Worker { get; init; }

    /// <summary>Speaks to the first instance, without a token.</summary>
    public required HttpClient Client { get; init; }

    public static async Task<RunningClinic> StartAsync(ClinicSize size, CancellationToken cancellationToken)
    {
        Progress.Say($"start the app: {size.Doctors} doctors, {size.Patients:N0} patients, {size.Visits:N0} visits"
            + (size.Replicas > 1 ? $", {size.Replicas} instances of the API" : ""));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Clinic_AppHost>(ArgumentsOf(size), limit.Token);
        Change(builder, size);
        var app = await builder.BuildAsync(limit.Token);
        try
        {
            var worker = WatchWorkerAsync(app, limit.Token);
            await app.StartAsync(limit.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("api", limit.Token);
            var instances = await InstancesAsync(app, "api", size.Replicas, limit.Token);
            Uri[] addresses = [.. instances.Select(AddressOf)];
            return new RunningClinic(app)
            {
                Size = size,
                Api = addresses,
                ApiProcesses = [.. instances.Select(ProcessOf)],
                PostgresProcess = ProcessOf((await InstancesAsync(app, "postgres", 1, limit.Token))[0]),
                RedisProcess = ProcessOf((await InstancesAsync(app, "cache", 1, limit.Token))[0]),
                Database = (await app.GetConnectionStringAsync("clinicdb", limit.Token))!,
                Redis = (await app.GetConnectionStringAsync("cache", limit.Token))!,
                Worker = await worker,
                Client = new HttpClient { BaseAddress = addresses[0] },
            };
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the AppHost is given for an app of this size.</summary>
    public static string[] ArgumentsOf(ClinicSize size) =>
    [
        "--UseVolumes=false",
        "--Logging:LogLevel:Default=Warning",
        $"--Seed:Doctors={size.Doctors}",
        $"--Seed:Patients={size.Patients}",
        $"--Seed:AppointmentsPerDoctor={size.Visits / size.Doctors}",
        $"--Api:Replicas={size.Replicas}",
        .. LimitsOff("Reads"), .. LimitsOff("Writes"),
    ];

    public async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await Client.GetAsync(path, cancellationToken);
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<T>(ClinicJson.Options, cancellationToken))!
            : throw new BenchFailure($"GET {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>One load generator is one caller, and asks for more than any caller may.</summary>
    private static string[] LimitsOff(string requests) => [$"--RateLimits:{requests}:Burst=1000000", $"--RateLimits:{requests}:PerSecond=1000000"];

    private static void Change(IDistributedApplicationTestingBuilder builder, ClinicSize size)
    {
        if (builder.Resources.TryGetByName("web", out var web))
        {
            builder.Resources.Remove(web);
        }

        if (builder.Resources.TryGetByName("api", out var api))
        {
            var project = builder.CreateResourceBuilder((ProjectResource)api).WithEnvironment(AllocationProbe.Variable, AllocationProbe.HookPath)
                // Else this process would read a line for each booking, while it measures.
                .WithEnvironment("Logging__LogLevel__Default", "Warning");
            if (size.Wiretap is { } wiretap)
            {
                project.WithEnvironment(context =>
                    context.EnvironmentVariables["ConnectionStrings__clinicdb"] = wiretap.Tap((string)context.EnvironmentVariables["ConnectionStrings__clinicdb"]));
            }
        }
    }

    private static async Task<WorkerRun> WatchWorkerAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        var running = await app.ResourceNotifications.WaitForResourceAsync("migrations", e => e.Snapshot.Properties.Any(p => p.Name == ProcessId), cancellationToken);
        var ended = app.ResourceNotifications.WaitForResourceAsync("migrations", e => e.Snapshot.ExitCode is not null, cancellationToken);
        var (process, peak) = (ProcessOf(running.Snapshot), 0L);
        while (!ended.IsCompleted)
        {
            peak = Math.Max(peak, ProcessUsage.PeakMemoryOf(process));
            await Task.Delay(20, cancellationToken);
        }

        var snapshot = (await ended).Snapshot;
        return snapshot.ExitCode == 0
            ? new WorkerRun(snapshot.StopTimeStamp!.Value - snapshot.StartTimeStamp!.Value, peak)
            : throw new BenchFailure($"The worker that seeds the data ended with exit code {snapshot.ExitCode}.");
    }

    private static async Task<IReadOnlyList<CustomResourceSnapshot>> InstancesAsync(
        DistributedApplication app, string name, int count, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, CustomResourceSnapshot>();
        while (found.Count < count)
        {
            var next = await app.ResourceNotifications.WaitForResourceAsync(
                name, e => e.Snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy && !found.ContainsKey(e.ResourceId), cancellationToken);
            found.Add(next.ResourceId, next.Snapshot);
        }

        return [.. found.Values];
    }

    private static int ProcessOf(CustomResourceSnapshot instance) =>
        Convert.ToInt32(instance.Properties.Single(p => p.Name == ProcessId).Value, CultureInfo.InvariantCulture);

    /// <summary>The instance's own port: the one in front of several is served by a relay in this process.</summary>
    private static Uri AddressOf(CustomResourceSnapshot instance) =>
        new(instance.EnvironmentVariables.Single(v => v.Name == "ASPNETCORE_URLS").Value!.Split(';')[0]);
}
