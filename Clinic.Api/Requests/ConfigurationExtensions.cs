namespace Clinic.Api.Requests;

internal static class ConfigurationExtensions
{
    /// <exception cref="InvalidOperationException">There is none; says where it is looked for.</exception>
    public static string RequireConnectionString(this IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) ?? throw new InvalidOperationException(
            $"The connection string '{name}' is missing. Start the app through the AppHost, or set ConnectionStrings__{name}.");
}
