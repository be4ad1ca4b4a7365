using System.Diagnostics.CodeAnalysis;
using Clinic.Core.Contracts;

namespace Clinic.Web.Api;

/// <summary>What the API said: the value asked for, or the problem that stands in its way.</summary>
public sealed class Answer<T>
    where T : class
{
    private Answer(T? value, ApiProblem? problem) => (Value, Problem) = (value, problem);

    public T? Value { get; }

    public ApiProblem? Problem { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Ok => Problem is null;

    public static implicit operator Answer<T>(T value) => new(value, null);

    public static implicit operator Answer<T>(ApiProblem problem) => new(null, problem);
}

/// <summary>A refusal or failure of the API, as its problem details tell it (RFC 9457).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/>: what pages decide on.</param>
/// <param name="Detail">One sentence for a person, where there is one.</param>
/// <param name="Errors">Messages by field name, for input that is not of the right form.</param>
public sealed record ApiProblem(int Status, string Code, string? Detail, IReadOnlyDictionary<string, string[]> Errors)
{
    private static readonly Dictionary<string, string[]> NoErrors = [];

    /// <summary>The API, or something it needs, does not answer: the same request may succeed later.</summary>
    public bool IsDown => Status >= 500 || IsTooMany;

    /// <summary>The visitor has asked for too much at once.</summary>
    public bool IsTooMany => Status == StatusCodes.Status429TooManyRequests;

    /// <summary>
    /// The outcome is open or nothing has been decided: sent again as it is, the same request may succeed or be found done.
    /// All else is refused for good.
    /// </summary>
    public bool MaySucceedAgain => IsDown || Code is ProblemCodes.RequestInFlight or ProblemCodes.Unauthenticated;

    /// <summary>How long to wait before asking again, where the API says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The API is out of reach, or answers something that is not its own.</summary>
    public static ApiProblem Down() => Of(StatusCodes.Status503ServiceUnavailable, ProblemCodes.DependencyUnavailable);

    public static ApiProblem NotFound() => Of(StatusCodes.Status404NotFound, ProblemCodes.NotFound);

    public static ApiProblem Of(int status, string code, string? detail = null) => new(status, code, detail, NoErrors);
}
