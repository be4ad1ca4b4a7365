using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where the value of a parameter comes from that is not configured.</summary>
public abstract class ParameterDefault
{
    /// <summary>Makes the value.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>A value that is made up anew at every start.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string Characters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789";

    /// <summary>How long it is.</summary>
    public int MinLength { get; set; } = 22;

    /// <inheritdoc/>
    public override string GetDefaultValue() => RandomNumberGenerator.GetString(Characters, MinLength);
}
