namespace Aspire.Hosting.ApplicationModel;

/// <summary>A database in a PostgreSQL server; created when it is missing.</summary>
public sealed class PostgresDatabaseResource
    : Resource, IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString, IConnectionProperties
{
    internal PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent) : base(name)
    {
        DatabaseName = databaseName;
        Parent = parent;
    }

    public PostgresServerResource Parent { get; }

    public string DatabaseName { get; }

    internal string ConnectionString => $"{Parent.ConnectionString};Database={DatabaseName}";

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<string?>(ConnectionString);

    IEnumerable<KeyValuePair<string, string>> IConnectionProperties.ConnectionProperties
    {
        get
        {
            var endpoint = Parent.PrimaryEndpoint;
            var credentials = $"{Uri.EscapeDataString(Parent.UserName)}:{Uri.EscapeDataString(Parent.Password)}";

            yield return new("Host", endpoint.Host);
            yield return new("Port", $"{endpoint.Port}");
            yield return new("Username", Parent.UserName);
            yield return new("Password", Parent.Password);
            yield return new("Uri", $"postgresql://{credentials}@{endpoint.Host}:{endpoint.Port}/{DatabaseName}");
            yield return new("JdbcConnectionString", $"jdbc:postgresql://{endpoint.Host}:{endpoint.Port}/{DatabaseName}");
            yield return new("DatabaseName", DatabaseName);
        }
    }
}
