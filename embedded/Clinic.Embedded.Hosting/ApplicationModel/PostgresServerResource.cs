namespace Aspire.Hosting.ApplicationModel;

/// <summary>A PostgreSQL server.</summary>
public sealed class PostgresServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    private readonly ParameterResource? _userName;
    private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);

    internal PostgresServerResource(string name, ParameterResource? userName, ParameterResource password) : base(name)
    {
        _userName = userName;
        PasswordParameter = password;
    }

    public ParameterResource PasswordParameter { get; }

    public EndpointReference PrimaryEndpoint => new(this, PrimaryEndpointName);

    /// <summary>Resource name to database name.</summary>
    public IReadOnlyDictionary<string, string> Databases => _databases;

    internal string UserName => _userName?.CurrentValue ?? "postgres";

    internal string Password => PasswordParameter.CurrentValue;

    internal string ConnectionString => $"Host={PrimaryEndpoint.Host};Port={PrimaryEndpoint.Port};Username={UserName};Password={Password}";

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<string?>(ConnectionString);

    internal void AddDatabase(string name, string databaseName) => _databases.Add(name, databaseName);
}
