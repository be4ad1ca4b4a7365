using Clinic.Api.Problems;
using Clinic.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Clinic.Api.Dependencies;

internal static class DependencyChecks
{
    public static void AddDependencyChecks(this WebApplicationBuilder builder) => builder.Services.AddHealthChecks()
        .AddCheck<PostgresCheck>("postgres", HealthStatus.Unhealthy, [], TimeSpan.FromSeconds(5))
        .AddCheck<RedisCheck>("redis", HealthStatus.Degraded, [], TimeSpan.FromSeconds(2));
}

/// <summary>Postgres answers, and has at least the schema that this build was made for.</summary>
internal sealed class PostgresCheck(IDbContextFactory<ClinicDbContext> databases) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var needed = db.Database.GetMigrations().Last();
            var applied = await db.Database
                .SqlQuery<string?>($"SELECT max(\"MigrationId\") AS \"Value\" FROM clinic.schema_migrations")
                .SingleAsync(cancellationToken);
            return string.CompareOrdinal(applied, needed) >= 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"The schema is at {applied ?? "nothing"}; this build needs {needed}.");
        }
        catch (Exception exception) when (exception is OperationCanceledException || DatabaseFailure.IsUnavailable(exception))
        {
            // A database that is down is news, but not worth a stack trace each time that somebody asks.
            return HealthCheckResult.Unhealthy(exception.GetBaseException().Message);
        }
    }
}

/// <summary>Redis answers. Without it everything works, slower.</summary>
internal sealed class RedisCheck(IConnectionMultiplexer redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.GetDatabase().PingAsync().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is OperationCanceledException or RedisException or TimeoutException)
        {
            return HealthCheckResult.Degraded(exception.Message);
        }
    }
}
