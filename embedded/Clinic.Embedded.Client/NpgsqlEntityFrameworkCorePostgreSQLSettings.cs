namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>
/// How a context reaches its database. Read from <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL</c>, then from the section of
/// the context's name in it.
/// </summary>
public sealed class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    public string? ConnectionString { get; set; }

    /// <summary>Whether commands that fail for a passing reason are left failed.</summary>
    public bool DisableRetry { get; set; }

    public bool DisableHealthChecks { get; set; }

    /// <summary>Of no effect here: Npgsql emits its activities, and the app collects them.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Of no effect here: Npgsql emits its metrics, and the app collects them.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Seconds.</summary>
    public int? CommandTimeout { get; set; }
}
