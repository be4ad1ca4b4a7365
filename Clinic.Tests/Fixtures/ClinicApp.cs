using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Clinic.Data;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Npgsql;

[assembly: AssemblyFixture(typeof(ClinicApp))]

namespace Clinic.Tests.Fixtures;

/// <summary>
/// The whole app as its AppHost starts it, once for all tests, with throw-away data. Tests share it and bring their own
/// doctors and patients; what stops or breaks a part starts an app of its own with <see cref="StartAsync"/>.
/// </summary>
public sealed class ClinicApp : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private DistributedApplication? _app;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The app has not started.");

    /// <summary>Connection string of the migrated and seeded database.</summary>
    public string Database { get; private set; } = "";

    /// <summary>Connection string of Redis.</summary>
    public string Redis { get; private set; } = "";

    /// <summary>Starts another app; it is healthy when this returns, as far as <paramref name="waitFor"/> says.</summary>
    public static async Task<DistributedApplication> StartAsync(
        string[] waitFor, Action<IDistributedApplicationTestingBuilder>? change = null, params string[] args)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Clinic_AppHost>(["--UseVolumes=false", .. args], limit.Token);
        change?.Invoke(builder);
        var app = await builder.BuildAsync(limit.Token);
        await app.StartAsync(limit.Token);
        foreach (var resource in waitFor)
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
        }

        return app;
    }

    public async ValueTask InitializeAsync()
    {
        _app = await StartAsync(["web"]);
        Database = (await App.GetConnectionStringAsync("clinicdb"))!;
        Redis = (await App.GetConnectionStringAsync("cache"))!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>An empty database of its own on the same server.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(Database) { Database = name }.ConnectionString;
    }

    /// <summary>A database of its own with the schema and nothing in it.</summary>
    public async Task<string> CreateMigratedDatabaseAsync()
    {
        var database = await CreateDatabaseAsync();
        await using var db = OpenDatabase(database);
        await db.Database.MigrateAsync();
        return database;
    }

    /// <summary>A context on the shared database, or on another one.</summary>
    public ClinicDbContext OpenDatabase(string? connectionString = null) =>
        new(new DbContextOptionsBuilder<ClinicDbContext>().UseNpgsql(connectionString ?? Database, ClinicDbContext.Configure).Options);
}
