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
            options.UseNpgsql(ConnectionString(builder.Configuration, builder.Environment), ClinicDbContext.Configure));

        // Nobody asks a program that ends by itself how it is.
        builder.EnrichNpgsqlDbContext<ClinicDbContext>(settings => settings.DisableHealthChecks = true);
    }

    /// <exception cref="WorkerFailure">There is none, it is malformed, or in Production it has no password.</exception>
    private static string ConnectionString(IConfiguration configuration, IHostEnvironment environment)
    {
        const string Name = ClinicDbContext.ConnectionName;
        if (configuration.GetConnectionString(Name) is not { } given || string.IsNullOrWhiteSpace(given))
        {
            throw new WorkerFailure(
                $"There is no connection string '{Name}'. Start the worker through the AppHost, or set ConnectionStrings__{Name}.");
        }

        try
        {
            var database = new NpgsqlConnectionStringBuilder(given);
            return !environment.IsProduction() || ClinicDbContext.ProvesIdentity(database) ? database.ConnectionString : throw new WorkerFailure(
                $"The connection string '{Name}' has no password. In Production give it a Password, a Passfile or an SSL Certificate.");
        }
        catch (ArgumentException malformed)
        {
            // The message names the keyword and never the value, which may be the password.
            throw new WorkerFailure($"The connection string '{Name}' is malformed: {malformed.Message}", malformed);
        }
    }
}
