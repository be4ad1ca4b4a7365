namespace Aspire.Hosting.ApplicationModel;

/// <summary>A server that speaks the Redis protocol.</summary>
public sealed class RedisResource : ContainerResource, IResourceWithConnectionString, IConnectionProperties
{
    internal const string PrimaryEndpointName = "tcp";

    internal RedisResource(string name, ParameterResource password) : base(name) => PasswordParameter = password;

    public ParameterResource PasswordParameter { get; }

    public EndpointReference PrimaryEndpoint => new(this, PrimaryEndpointName);

    internal string Password => PasswordParameter.CurrentValue;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<string?>($"{PrimaryEndpoint.Host}:{PrimaryEndpoint.Port},password={Password}");

    IEnumerable<KeyValuePair<string, string>> IConnectionProperties.ConnectionProperties
    {
        get
        {
            var endpoint = PrimaryEndpoint;

            yield return new("Host", endpoint.Host);
            yield return new("Port", $"{endpoint.Port}");
            yield return new("Password", Password);
            yield return new("Uri", $"redis://:{Uri.EscapeDataString(Password)}@{endpoint.Host}:{endpoint.Port}");
        }
    }
}
