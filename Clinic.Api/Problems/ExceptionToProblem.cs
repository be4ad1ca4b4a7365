using System.Globalization;
using Clinic.Core.Contracts;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Clinic.Api.Problems;

/// <summary>What an exception means to the caller. What nobody expected is logged and told as a bare 500.</summary>
internal sealed partial class ExceptionToProblem(IProblemDetailsService problems, ILogger<ExceptionToProblem> logger) : IExceptionHandler
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = exception switch
        {
            ClinicProblem known => Details(known),
            BadHttpRequestException bad => UnreadableRequest.Explain(bad),
            _ when DatabaseFailure.RefusedText(exception) => UnreadableRequest.RefusedText(),
            _ when DatabaseFailure.IsUnavailable(exception) => Unavailable(exception),
            _ => Unexpected(exception),
        };

        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            var wait = (exception as ClinicProblem)?.RetryAfter ?? RetryAfter;
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        }

        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
        return true;
    }

    internal static ProblemDetails Details(ClinicProblem known)
    {
        var problem = Details(known.Status, known.Code, known.Message, known.Errors);
        foreach (var (name, value) in known.Extensions ?? new Dictionary<string, object?>())
        {
            problem.Extensions[name] = value;
        }

        return problem;
    }

    internal static ProblemDetails Details(
        int status, string code, string detail, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        var problem = new ProblemDetails { Status = status, Detail = detail, Extensions = { ["code"] = code } };
        if (errors is not null)
        {
            problem.Extensions["errors"] = errors;
        }

        return problem;
    }

    private ProblemDetails Unavailable(Exception exception)
    {
        LogUnavailable(exception.GetBaseException().Message);
        return Details(
            StatusCodes.Status503ServiceUnavailable,
            ProblemCodes.DependencyUnavailable,
            "The clinic's database cannot be reached just now. Nothing was changed; please try again in a moment.");
    }

    private ProblemDetails Unexpected(Exception exception)
    {
        LogUnexpected(exception);
        return Details(
            StatusCodes.Status500InternalServerError,
            ProblemCodes.InternalError,
            "Something went wrong on our side. It has been logged; please try again later.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database cannot be reached: {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed unexpectedly")]
    private partial void LogUnexpected(Exception exception);
}
