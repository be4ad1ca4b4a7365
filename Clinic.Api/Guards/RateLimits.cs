using System.Globalization;
using System.Threading.RateLimiting;
using Clinic.Api.Auth;
using Clinic.Api.Problems;
using Clinic.Core.Contracts;

namespace Clinic.Api.Guards;

/// <summary>
/// How much one caller may ask of one instance, by what the request costs. A caller is an account, or an address where
/// nobody is signed in. Health checks and documents are not limited.
/// </summary>
internal static class RateLimits
{
    private const string SignInPath = "/api/auth";

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var limits = Limits.Read(builder.Configuration);
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, (string Class, string Caller)>(context =>
                ClassOf(context.Request) is { } requestClass
                    ? RateLimitPartition.GetTokenBucketLimiter((Class: requestClass, Caller: CallerOf(context)), key => limits[key.Class].Bucket())
                    : RateLimitPartition.GetNoLimiter(("", "")));
            limiter.OnRejected = (rejected, _) => RefuseAsync(rejected);
        });
    }

    private static string? ClassOf(HttpRequest request) => request.Path switch
    {
        var path when path.StartsWithSegments(SignInPath, StringComparison.OrdinalIgnoreCase) => Limits.SignIn,
        var path when !path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) => null,
        _ => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? Limits.Reads : Limits.Writes,
    };

    private static string CallerOf(HttpContext context) =>
        context.Features.Get<Identity>() is { } identity
            ? identity.AccountId.ToString()
            : context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    private static async ValueTask RefuseAsync(Microsoft.AspNetCore.RateLimiting.OnRejectedContext rejected)
    {
        var response = rejected.HttpContext.Response;
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
        await rejected.HttpContext.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new ProblemDetailsContext
        {
            HttpContext = rejected.HttpContext,
            ProblemDetails = ExceptionToProblem.Details(
                StatusCodes.Status429TooManyRequests, ProblemCodes.TooManyRequests, "Too many requests. Wait as long as Retry-After says, then go on."),
        });
    }

    /// <summary>A bucket that holds <paramref name="Burst"/> requests and gets <paramref name="PerSecond"/> new ones.</summary>
    private sealed record Limit(int Burst, int PerSecond)
    {
        public TokenBucketRateLimiterOptions Bucket() => new()
        {
            TokenLimit = Burst,
            TokensPerPeriod = PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        };
    }

    /// <summary>The settings <c>RateLimits:{class}:Burst</c> and <c>RateLimits:{class}:PerSecond</c>.</summary>
    private static class Limits
    {
        public const string Reads = "Reads";
        public const string Writes = "Writes";
        public const string SignIn = "SignIn";

        // Far above what a person or a front desk does, and what one page of a busy web frontend asks for.
        private static readonly Dictionary<string, Limit> Defaults = new()
        {
            [Reads] = new Limit(Burst: 2_000, PerSecond: 200),
            [Writes] = new Limit(Burst: 1_000, PerSecond: 20),
            [SignIn] = new Limit(Burst: 100, PerSecond: 2),
        };

        /// <exception cref="ConfigurationProblem">A setting is unknown or not a number; says which.</exception>
        public static IReadOnlyDictionary<string, Limit> Read(IConfiguration configuration)
        {
            var section = configuration.GetSection("RateLimits");
            foreach (var setting in section.GetChildren())
            {
                if (!Defaults.ContainsKey(setting.Key) || setting.GetChildren().Any(s => s.Key is not (nameof(Limit.Burst) or nameof(Limit.PerSecond))))
                {
                    throw new ConfigurationProblem(
                        $"RateLimits:{setting.Key} is not known. Known are Reads, Writes and SignIn, each with Burst and PerSecond.");
                }
            }

            return Defaults.ToDictionary(
                d => d.Key, d => new Limit(Number(d.Key, nameof(Limit.Burst), d.Value.Burst), Number(d.Key, nameof(Limit.PerSecond), d.Value.PerSecond)));

            int Number(string requestClass, string name, int otherwise)
            {
                var text = section[$"{requestClass}:{name}"];
                return string.IsNullOrWhiteSpace(text) ? otherwise
                    : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1_000_000 ? number
                    : throw new ConfigurationProblem($"RateLimits:{requestClass}:{name} is '{text}': give a whole number from 1 to 1000000.");
            }
        }
    }
}
