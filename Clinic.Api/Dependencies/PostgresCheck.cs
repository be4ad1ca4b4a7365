using Clinic.Api.Problems;
using Clinic.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Clinic.Api.Dependencies;

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
