using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Values from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    private const string PasswordCharacters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
    private const int PasswordLength = 22;

    /// <summary>Adds a value that is read from <c>Parameters:{name}</c> of the configuration when it is first needed.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(
            name,
            () => builder.Configuration[ConfigurationKey(name)]
                ?? throw new DistributedApplicationException($"The parameter '{name}' has no value. Set {ConfigurationKey(name)} in the configuration."),
            secret));

    /// <summary>A password that is read from <c>Parameters:{name}</c>, or made up: letters and digits, so that it fits any connection string.</summary>
    internal static ParameterResource AddDefaultPassword(
        this IDistributedApplicationBuilder builder, string name, Func<string>? fallback = null) =>
        builder.AddResource(new ParameterResource(
            name, () => builder.Configuration[ConfigurationKey(name)] ?? fallback?.Invoke() ?? NewPassword(), secret: true)).Resource;

    internal static string NewPassword() => RandomNumberGenerator.GetString(PasswordCharacters, PasswordLength);

    private static string ConfigurationKey(string name) => $"Parameters:{name}";
}
