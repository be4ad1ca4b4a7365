using Clinic.Data;
using Clinic.MigrationWorker.Running;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clinic.MigrationWorker.Database;

internal static class ClinicDatabase
{
    /// <summary>Registers the context on the connection string that the AppHost hands over, with its telemetry.</summary>
    public static void AddClinicDatabase(this IHostApplicationBuilder builder)
    {
        builder.Services.AddPooledDbContextFactory<ClinicDbContext>(options =>
            options.UseNpgsql(ConnectionString(builder.Configuration), ClinicDbContext.Configure));

        // Nobody asks a program that ends by itself how it is.
        builder.EnrichNpgsqlDbContext<ClinicDbContext>(settings => settings.DisableHealthChecks = true);
    }

    /// <exception cref="WorkerFailure">There is none, or it is malformed.</exception>
    private static string ConnectionString(IConfiguration configuration)
    {
        const string Name = ClinicDbContext.ConnectionName;
        if (configuration.GetConnectionString(Name) is not { } given || string.IsNullOrWhiteSpace(given))
        {
            throw new WorkerFailure(
                $"There is no connection string '{Name}'. Start the worker through the AppHost, or set ConnectionStrings__{Name}.");
        }

        try
        {
            return new NpgsqlConnectionStringBuilder(given).ConnectionString;
        }
        catch (ArgumentException malformed)
        {
            // The message names the keyword and never the value, which may be the password.
            throw new WorkerFailure($"The connection string '{Name}' is malformed: {malformed.Message}", malformed);
        }
    }
}
