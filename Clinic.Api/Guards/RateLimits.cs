using System.Globalization;
using System.Net;
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

    /// <exception cref="ConfigurationProblem">A setting is unknown or not a number; says which.</exception>
    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var limits = Limits.Read(builder.Configuration);
        Func<CallerClass, RateLimiter> bucket = key => limits[key.Class].Bucket();
        builder.Services.AddSingleton(_ => PartitionedRateLimiter.Create<CallerClass, CallerClass>(key => RateLimitPartition.Get(key, bucket)));
    }

    /// <summary>
    /// The framework's own middleware would do, were it not for its price: nothing here ever waits for a turn or gives one back,
    /// so that nothing needs to be awaited or kept until the answer is sent.
    /// </summary>
    public static void UseRateLimits(this WebApplication app)
    {
        var limiter = app.Services.GetRequiredService<PartitionedRateLimiter<CallerClass>>();
        app.Use((context, next) =>
        {
            if (ClassOf(context.Request) is not { } requestClass)
            {
                return next(context);
            }

            var lease = limiter.AttemptAcquire(CallerClass.Of(context, requestClass));
            return lease.IsAcquired ? next(context) : RefuseAsync(context, lease);
        });
    }

    private static string? ClassOf(HttpRequest request) => request.Path switch
    {
        var path when path.StartsWithSegments(SignInPath, StringComparison.OrdinalIgnoreCase) => Limits.SignIn,
        var path when !path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) => null,
        _ => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? Limits.Reads : Limits.Writes,
    };

    private static async Task RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        var response = context.Response;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
        await context.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = ExceptionToProblem.Details(
                StatusCodes.Status429TooManyRequests, ProblemCodes.TooManyRequests, "Too many requests. Wait as long as Retry-After says, then go on."),
        });
    }

    /// <summary>Whose bucket of which class: an account's, or where nobody is signed in an address's; neither, if even that is unknown.</summary>
    private readonly record struct CallerClass(string Class, Guid AccountId, IPAddress? Address)
    {
        public static CallerClass Of(HttpContext context, string requestClass) => Identity.Of(context) is { } identity
            ? new CallerClass(requestClass, identity.AccountId, null)
            : new CallerClass(requestClass, default, context.Connection.RemoteIpAddress);
    }

    /// <summary>A bucket that holds <paramref name="Burst"/> requests and gets <paramref name="PerSecond"/> new ones.</summary>
    private sealed record Limit(int Burst, int PerSecond)
    {
        public TokenBucketRateLimiter Bucket() => new(new TokenBucketRateLimiterOptions
        {
            TokenLimit = Burst,
            TokensPerPeriod = PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            // All buckets are filled in one go.
            AutoReplenishment = false,
        });
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
