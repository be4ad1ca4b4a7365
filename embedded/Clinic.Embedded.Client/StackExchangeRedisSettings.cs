namespace Aspire.StackExchange.Redis;

/// <summary>
/// How Redis is reached. Read from <c>Aspire:StackExchange:Redis</c>, then from the section of the connection's name in it.
/// </summary>
public sealed class StackExchangeRedisSettings
{
    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }

    /// <summary>Of no effect here: the client emits no activities.</summary>
    public bool DisableTracing { get; set; }
}
