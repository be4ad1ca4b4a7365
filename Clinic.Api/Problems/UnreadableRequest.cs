using System.Text.Json;
using System.Text.RegularExpressions;
using Clinic.Core.Contracts;
using Microsoft.AspNetCore.Mvc;

namespace Clinic.Api.Problems;

/// <summary>Says what, where and why a request could not be read, without naming our types.</summary>
internal static partial class UnreadableRequest
{
    public static ProblemDetails Explain(BadHttpRequestException exception) => exception switch
    {
        { StatusCode: not StatusCodes.Status400BadRequest } => new ProblemDetails { Status = exception.StatusCode },
        { InnerException: JsonException json } => Body(json),
        { InnerException: InvalidOperationException } => RefusedText(),
        _ => ExceptionToProblem.Details(
            StatusCodes.Status400BadRequest, ProblemCodes.InvalidRequest, "The request needs a JSON body of the documented form."),
    };

    public static ProblemDetails RefusedText() => ExceptionToProblem.Details(
        StatusCodes.Status400BadRequest, ProblemCodes.InvalidRequest, "The request holds text that is not valid Unicode.");

    private static ProblemDetails Body(JsonException exception)
    {
        if (MissingProperties().Match(exception.Message) is { Success: true } missing)
        {
            var fields = QuotedName().Matches(missing.Value).Select(m => m.Groups[1].Value);
            return Invalid(fields.ToDictionary(field => field, _ => new[] { "Is required." }));
        }

        var path = exception.Path is null or "$" ? "body" : exception.Path.Replace("$.", "", StringComparison.Ordinal);
        var message = NamesType().IsMatch(exception.Message) ? "Is not of the documented type." : Position().Replace(exception.Message, "");
        return Invalid(new Dictionary<string, string[]> { [path] = [message] });
    }

    private static ProblemDetails Invalid(Dictionary<string, string[]> errors)
    {
        var problem = ClinicProblem.Invalid(errors);
        return ExceptionToProblem.Details(problem.Status, problem.Code, problem.Message, problem.Errors);
    }

    [GeneratedRegex("missing required properties including: .*")]
    private static partial Regex MissingProperties();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex QuotedName();

    [GeneratedRegex(@" Path: \$.*$")]
    private static partial Regex Position();

    [GeneratedRegex(@"(Clinic|System)\.[A-Z]")]
    private static partial Regex NamesType();
}
