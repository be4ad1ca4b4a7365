using Clinic.Api.Problems;
using Clinic.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Clinic.Api.Dependencies;

/// <summary>The API's way to Postgres.</summary>
internal static class ClinicDatabase
{
    public static void AddClinicDatabase(this WebApplicationBuilder builder)
    {
        // Read now: what is missing is to stop the start, not the first request.
        var connectionString = ConnectionString(builder.Configuration, builder.Environment);
        builder.Services.AddPooledDbContextFactory<ClinicDbContext>(options => options.UseNpgsql(connectionString, ClinicDbContext.Configure));

        // The health check of our own also asks whether the schema is current.
        builder.EnrichNpgsqlDbContext<ClinicDbContext>(settings => settings.DisableHealthChecks = true);
        builder.Services.AddHealthChecks().AddCheck<PostgresCheck>("postgres", HealthStatus.Unhealthy, [], TimeSpan.FromSeconds(5));
    }

    /// <summary>The given connection string, with the limits of a server that answers people: who waits five seconds is told so.</summary>
    /// <exception cref="ConfigurationProblem">There is none, or in Production none with a password; says what to set.</exception>
    private static string ConnectionString(IConfiguration configuration, IHostEnvironment environment)
    {
        var given = configuration.GetConnectionString(ClinicDbContext.ConnectionName);
        if (string.IsNullOrWhiteSpace(given))
        {
            throw new ConfigurationProblem(
                $"The connection string '{ClinicDbContext.ConnectionName}' is missing. Start the app through the AppHost, "
                + $"or set ConnectionStrings__{ClinicDbContext.ConnectionName}.");
        }

        var database = new NpgsqlConnectionStringBuilder(given)
        {
            ApplicationName = "clinic-api",
            Timeout = 5,
            CommandTimeout = 5,
            // Two instances fit into Postgres's default of 100 connections. A booking holds one for some milliseconds.
            MaxPoolSize = 40,
            MaxAutoPrepare = 100,
            // Nothing here changes a session: locks, settings and temporary things end with their transaction. Else every
            // first command would bring seven along that reset the connection: a tenth of a millisecond of Postgres's time.
            NoResetOnClose = true,
        };

        // Every query here is prepared and finds its rows by an index, whatever its values are. Left to itself Postgres plans some
        // of them anew each time, as soon as there are many visits: with 200,000 a third of all that it did for a booking.
        database.Options = $"{database.Options} -c plan_cache_mode=force_generic_plan".TrimStart();
        return !environment.IsProduction() || ClinicDbContext.ProvesIdentity(database) ? database.ConnectionString : throw new ConfigurationProblem(
            $"The connection string '{ClinicDbContext.ConnectionName}' has no password. In Production give it a Password, a Passfile or an SSL Certificate.");
    }
}
