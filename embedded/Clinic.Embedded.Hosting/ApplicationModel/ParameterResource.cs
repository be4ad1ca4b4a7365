namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from outside: <c>Parameters:{name}</c> of the configuration, or a default.</summary>
public sealed class ParameterResource : Resource
{
    private readonly Lazy<string> _value;

    internal ParameterResource(string name, Func<string> value, bool secret) : base(name)
    {
        _value = new Lazy<string>(value);
        Secret = secret;
    }

    /// <summary>Whether the value is kept off screens.</summary>
    public bool Secret { get; }

    /// <exception cref="DistributedApplicationException">The parameter has neither a value nor a default.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(_value.Value);

    internal string CurrentValue => _value.Value;
}
