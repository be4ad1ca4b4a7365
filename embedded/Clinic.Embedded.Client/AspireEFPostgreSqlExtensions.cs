using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Clinic.Embedded.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql.EntityFrameworkCore.PostgreSQL;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace Microsoft.Extensions.Hosting;

/// <summary>EF Core contexts on PostgreSQL: pooled, with retries and a health check.</summary>
public static class AspireEFPostgreSqlExtensions
{
    private const string SectionName = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    /// <summary>Registers a pooled context on <c>ConnectionStrings:{connectionName}</c>.</summary>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = ReadSettings<TContext>(builder);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddDbContextPool<TContext>(options =>
        {
            // Here and not above: a missing connection string is an error once there is a logger to tell it.
            if (string.IsNullOrEmpty(settings.ConnectionString) && !EF.IsDesignTime)
            {
                throw new InvalidOperationException(
                    $"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under the 'ConnectionString' key in '{SectionName}'.");
            }

            options.UseNpgsql(settings.ConnectionString, npgsql =>
            {
                if (!settings.DisableRetry)
                {
                    npgsql.EnableRetryOnFailure();
                }

                npgsql.CommandTimeout(settings.CommandTimeout);
            });
            configureDbContextOptions?.Invoke(options);
        });

        AddHealthCheck<TContext>(builder, settings);
    }

    /// <summary>Gives a context that is registered already retries and a health check.</summary>
    /// <exception cref="InvalidOperationException">The context is not registered, or what it is registered with contradicts the settings.</exception>
    public static void EnrichNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);

        var settings = ReadSettings<TContext>(builder);
        configureSettings?.Invoke(settings);

        if (!builder.Services.Any(service => service.ServiceType == typeof(TContext)))
        {
            throw new InvalidOperationException($"DbContext<{typeof(TContext).Name}> is not registered. Ensure you have registered the DbContext in DI before calling {nameof(EnrichNpgsqlDbContext)}.");
        }

        if (!settings.DisableRetry || settings.CommandTimeout.HasValue)
        {
            builder.Services.ConfigureDbContext<TContext>(options => options.UseNpgsql(npgsql => Enrich<TContext>(options, npgsql, settings)));
        }

        AddHealthCheck<TContext>(builder, settings);
    }

    private static void Enrich<TContext>(
        DbContextOptionsBuilder options, NpgsqlDbContextOptionsBuilder npgsql, NpgsqlEntityFrameworkCorePostgreSQLSettings settings)
    {
#pragma warning disable EF1001 // What has been configured so far can be read from the provider's extension only.
        var configured = options.Options.FindExtension<Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal.NpgsqlOptionsExtension>();
        var strategy = configured?.ExecutionStrategyFactory?.Invoke(new ExecutionStrategyDependencies(null!, options.Options, null!));
#pragma warning restore EF1001

        if (!settings.DisableRetry)
        {
            if (strategy is null or { RetriesOnFailure: false })
            {
                npgsql.EnableRetryOnFailure();
            }
            else if (strategy is not NpgsqlRetryingExecutionStrategy)
            {
                throw new InvalidOperationException(
                    $"{nameof(settings.DisableRetry)} needs to be set when a custom execution strategy is configured.");
            }
        }

        if (settings.CommandTimeout is { } timeout)
        {
            if (configured?.CommandTimeout is { } other && other != timeout)
            {
                throw new InvalidOperationException(
                    $"Conflicting values for 'CommandTimeout' were found in the settings and in DbContextOptions<{typeof(TContext).Name}>.");
            }

            npgsql.CommandTimeout(timeout);
        }
    }

    private static NpgsqlEntityFrameworkCorePostgreSQLSettings ReadSettings<TContext>(IHostApplicationBuilder builder)
    {
        var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings();
        var section = builder.Configuration.GetSection(SectionName);
        section.Bind(settings);
        section.GetSection(typeof(TContext).Name).Bind(settings);
        return settings;
    }

    private static void AddHealthCheck<TContext>(IHostApplicationBuilder builder, NpgsqlEntityFrameworkCorePostgreSQLSettings settings)
        where TContext : DbContext
    {
        if (!settings.DisableHealthChecks)
        {
            builder.AddHealthCheckOnce<DbContextHealthCheck<TContext>>(typeof(TContext).Name);
        }
    }
}
