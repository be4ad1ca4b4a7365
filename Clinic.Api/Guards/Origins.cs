using Clinic.Api.Idempotency;
using Clinic.Api.Problems;

namespace Clinic.Api.Guards;

/// <summary>
/// Which other sites' pages may call the API from a browser: none, unless <c>Cors:Origins</c> names them, separated by
/// commas.
/// </summary>
internal static class Origins
{
    /// <exception cref="ConfigurationProblem">An origin is not one; says which.</exception>
    public static void AddOrigins(this WebApplicationBuilder builder)
    {
        var origins = (builder.Configuration["Cors:Origins"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var origin in origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.GetLeftPart(UriPartial.Authority) != origin)
            {
                throw new ConfigurationProblem($"Cors:Origins has '{origin}': give origins such as https://clinic.example, separated by commas.");
            }
        }

        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins)
            .WithMethods("GET", "POST", "PUT", "DELETE")
            .WithHeaders("Authorization", "Content-Type", "If-Match", "If-None-Match", IdempotencyKey.Header)
            .WithExposedHeaders("ETag", "Location", "Retry-After", "Idempotency-Replayed")));
    }
}
