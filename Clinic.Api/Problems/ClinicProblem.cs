using Clinic.Core.Contracts;

namespace Clinic.Api.Problems;

/// <summary>
/// The request cannot be done, with what the caller is told: RFC 9457 problem details with a stable code. Thrown from
/// within a transaction it rolls back all that came before it.
/// </summary>
internal sealed class ClinicProblem(int status, string code, string detail) : Exception(detail)
{
    public int Status => status;

    public string Code => code;

    /// <summary>What is wrong with which field of the request, for <c>invalid_request</c>.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>When to try again, for 429 and 503.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What else the problem carries beside its code, by name.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }

    public static ClinicProblem Invalid(string field, string message) =>
        Invalid(new Dictionary<string, string[]> { [field] = [message] });

    public static ClinicProblem Invalid(IReadOnlyDictionary<string, string[]> errors) => new(
        StatusCodes.Status400BadRequest,
        ProblemCodes.InvalidRequest,
        string.Join(" ", errors.SelectMany(e => e.Value.Select(message => $"{e.Key}: {message}"))))
    {
        Errors = errors,
    };

    public static ClinicProblem UnknownTimeZone(string name) => new(
        StatusCodes.Status400BadRequest,
        ProblemCodes.UnknownTimeZone,
        $"timeZone: '{name}' is not an IANA time zone. Use a name such as America/Lima.");

    public static ClinicProblem NotFound(string what, Guid id) =>
        new(StatusCodes.Status404NotFound, ProblemCodes.NotFound, $"There is no {what} {id}.");

    public static ClinicProblem Unauthorized(string code, string detail) => new(StatusCodes.Status401Unauthorized, code, detail);

    public static ClinicProblem TooMany(string detail, TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, ProblemCodes.TooManyRequests, detail) { RetryAfter = retryAfter };

    public static ClinicProblem Unavailable(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, ProblemCodes.DependencyUnavailable, detail);

    public static ClinicProblem Conflict(string code, string detail) => new(StatusCodes.Status409Conflict, code, detail);

    public static ClinicProblem Unprocessable(string code, string detail) =>
        new(StatusCodes.Status422UnprocessableEntity, code, detail);
}
