using Clinic.Api.Requests;
using Clinic.Core.Contracts;

namespace Clinic.Api.Problems;

/// <summary>Every error leaves as <c>application/problem+json</c> with a <c>code</c>, in Development too: no stack traces.</summary>
internal static class ProblemHandling
{
    public const string TookTooLong = "This took too long, and was given up. Please try again in a moment.";

    public static void AddProblems(this WebApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            var (code, detail) = Explain(problem.Status ?? context.HttpContext.Response.StatusCode);
            problem.Detail ??= detail;
            problem.Extensions.TryAdd("code", code);
        });
        builder.Services.AddExceptionHandler<ExceptionToProblem>();

        // Bodies and parameters that cannot be read come to the handler above instead of a bare 400.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
    }

    /// <summary>What to say of an answer that has nothing but its status.</summary>
    private static (string Code, string Detail) Explain(int status) => status switch
    {
        StatusCodes.Status400BadRequest => (ProblemCodes.InvalidRequest, "The request is not of the documented form; see /docs."),
        StatusCodes.Status404NotFound => (ProblemCodes.NotFound, "There is nothing at this address; see /docs."),
        StatusCodes.Status405MethodNotAllowed => (ProblemCodes.MethodNotAllowed, "This address does not take this method; see /docs."),
        StatusCodes.Status413PayloadTooLarge => (ProblemCodes.BodyTooLarge, $"The body is larger than {RequestLimits.MaxBodyBytes / 1024} KB."),
        StatusCodes.Status415UnsupportedMediaType => (ProblemCodes.UnsupportedMediaType, "Send the body as application/json."),
        StatusCodes.Status503ServiceUnavailable => (ProblemCodes.DependencyUnavailable, TookTooLong),
        _ => (ProblemCodes.InternalError, "Something went wrong on our side. It has been logged; please try again later."),
    };
}
