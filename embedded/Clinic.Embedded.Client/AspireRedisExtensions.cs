using Aspire.StackExchange.Redis;
using Clinic.Embedded.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Redis connections, with a health check.</summary>
public static class AspireRedisExtensions
{
    private const string SectionName = "Aspire:StackExchange:Redis";

    /// <summary>
    /// Registers <see cref="IConnectionMultiplexer"/> on <c>ConnectionStrings:{connectionName}</c>. It connects when it is first
    /// needed, and goes on trying while Redis is away: that Redis is away fails commands, and not the start.
    /// </summary>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var section = builder.Configuration.GetSection(SectionName);
        var settings = new StackExchangeRedisSettings();
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddSingleton<IConnectionMultiplexer>(_ =>
        {
            var options = ReadOptions(settings.ConnectionString, connectionName);
            section.GetSection(nameof(ConfigurationOptions)).Bind(options);
            section.GetSection($"{connectionName}:{nameof(ConfigurationOptions)}").Bind(options);
            configureOptions?.Invoke(options);
            return ConnectionMultiplexer.Connect(options);
        });

        if (!settings.DisableHealthChecks)
        {
            builder.AddHealthCheckOnce<RedisHealthCheck>("StackExchange.Redis");
        }
    }

    private static ConfigurationOptions ReadOptions(string? connectionString, string connectionName)
    {
        if (string.IsNullOrEmpty(connectionString))
        {
            throw new InvalidOperationException(
                $"No endpoints specified. Ensure a valid connection string was provided in 'ConnectionStrings:{connectionName}' or for the '{SectionName}:ConnectionString' configuration key.");
        }

        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = connectionString.Contains("abortConnect=true", StringComparison.OrdinalIgnoreCase);
        return options;
    }
}
