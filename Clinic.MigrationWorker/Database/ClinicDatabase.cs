using Clinic.Data;
using Clinic.MigrationWorker.Running;
using Microsoft.EntityFrameworkCore;

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

    /// <exception cref="WorkerFailure">There is none.</exception>
    private static string ConnectionString(IConfiguration configuration) =>
        configuration.GetConnectionString(ClinicDbContext.ConnectionName) is { } given && !string.IsNullOrWhiteSpace(given)
            ? given
            : throw new WorkerFailure(
                $"There is no connection string '{ClinicDbContext.ConnectionName}'. Start the worker through the AppHost, "
                + $"or set ConnectionStrings__{ClinicDbContext.ConnectionName}.");
}
