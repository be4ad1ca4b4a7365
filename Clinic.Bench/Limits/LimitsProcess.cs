using System.Diagnostics;
using Clinic.Bench.Running;
using StackExchange.Redis;

namespace Clinic.Bench.Limits;

/// <summary>The running <see cref="LimitsHost"/>, and the data that it answers with.</summary>
internal sealed class LimitsProcess : IAsyncDisposable
{
    private readonly Process _process;

    private LimitsProcess(Process process, Uri address, string database, string redis) =>
        (_process, Address, Database, Redis) = (process, address, database, redis);

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>Connection string of the bench's own database.</summary>
    public string Database { get; }

    private string Redis { get; }

    /// <summary>Starts it on the Postgres and the Redis of the clinic.</summary>
    public static async Task<LimitsProcess> StartAsync(RunningClinic clinic, int visits, CancellationToken cancellationToken)
    {
        var database = await BenchDatabase.CreateAsync(clinic.Database, visits, cancellationToken);
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // Run as "dotnet Clinic.Bench.dll" the process is dotnet, and wants the assembly first.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(LimitsHost).Assembly.Location);
        }

        start.ArgumentList.Add(LimitsHost.Argument);
        start.Environment[LimitsHost.PostgresVariable] = database;
        start.Environment[LimitsHost.RedisVariable] = clinic.Redis;
        // As web projects have it, and so the API.
        start.Environment["DOTNET_gcServer"] = "1";
        var process = Process.Start(start)!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith(LimitsHost.ReadyLine, StringComparison.Ordinal))
                {
                    return new LimitsProcess(process, new Uri(line[LimitsHost.ReadyLine.Length..]), database, clinic.Redis);
                }
            }

            throw new BenchFailure("The host of the limits ended before it served anything; its error is above.");
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Makes <c>/redis/{bytes}</c> answer with that much.</summary>
    public async Task AddPayloadAsync(int bytes)
    {
        using var redis = ConnectionMultiplexer.Connect(Redis);
        await redis.GetDatabase().StringSetAsync(LimitsHost.PayloadKey(bytes), new string('x', bytes));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
