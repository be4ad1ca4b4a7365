using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Values from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a value that is read from <c>Parameters:{name}</c> of the configuration when it is first needed.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(
            name,
            () => builder.Configuration[ConfigurationKey(name)]
                ?? throw new DistributedApplicationException($"The parameter '{name}' has no value. Set {ConfigurationKey(name)} in the configuration."),
            secret));

    /// <summary>Adds a value that is read from <c>Parameters:{name}</c>, or comes from <paramref name="value"/>.</summary>
    /// <exception cref="DistributedApplicationException">It is to be kept between starts, which is not supported.</exception>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        persist
            ? throw new DistributedApplicationException($"The parameter '{name}' cannot keep a made-up value. Set {ConfigurationKey(name)} to keep one.")
            : builder.AddResource(new ParameterResource(name, () => builder.Configuration[ConfigurationKey(name)] ?? value.GetDefaultValue(), secret));

    /// <summary>A password that is read from <c>Parameters:{name}</c>, or made up: letters and digits, so that it fits any connection string.</summary>
    internal static ParameterResource AddDefaultPassword(
        this IDistributedApplicationBuilder builder, string name, Func<string>? fallback = null) =>
        builder.AddResource(new ParameterResource(
            name, () => builder.Configuration[ConfigurationKey(name)] ?? fallback?.Invoke() ?? NewPassword(), secret: true)).Resource;

    internal static string NewPassword() => new GenerateParameterDefault().GetDefaultValue();

    private static string ConfigurationKey(string name) => $"Parameters:{name}";
}
