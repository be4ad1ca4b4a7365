using Clinic.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clinic.Api.Dependencies;

/// <summary>The API's way to Postgres.</summary>
internal static class ClinicDatabase
{
    public static void AddClinicDatabase(this WebApplicationBuilder builder)
    {
        builder.Services.AddPooledDbContextFactory<ClinicDbContext>((services, options) =>
            options.UseNpgsql(ConnectionString(services.GetRequiredService<IConfiguration>()), ClinicDbContext.Configure));

        // The health check of our own also asks whether the schema is current.
        builder.EnrichNpgsqlDbContext<ClinicDbContext>(settings => settings.DisableHealthChecks = true);
    }

    /// <summary>The given connection string, with the limits of a server that answers people: who waits five seconds is told so.</summary>
    /// <exception cref="InvalidOperationException">There is none; says where it is looked for.</exception>
    private static string ConnectionString(IConfiguration configuration)
    {
        var given = configuration.GetConnectionString(ClinicDbContext.ConnectionName);
        if (string.IsNullOrWhiteSpace(given))
        {
            throw new InvalidOperationException(
                $"The connection string '{ClinicDbContext.ConnectionName}' is missing. Start the app through the AppHost, "
                + $"or set ConnectionStrings__{ClinicDbContext.ConnectionName}.");
        }

        return new NpgsqlConnectionStringBuilder(given)
        {
            ApplicationName = "clinic-api",
            Timeout = 5,
            CommandTimeout = 5,
            // Two instances fit into Postgres's default of 100 connections. A booking holds one for some milliseconds.
            MaxPoolSize = 40,
            MaxAutoPrepare = 100,
        }.ConnectionString;
    }
}
