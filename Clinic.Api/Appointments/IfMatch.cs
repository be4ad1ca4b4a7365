using Clinic.Api.Problems;
using Microsoft.Net.Http.Headers;

namespace Clinic.Api.Appointments;

/// <summary>The If-Match header of a request: which versions of the visit the caller has seen; none means any.</summary>
internal readonly record struct IfMatch(IReadOnlyList<string>? Tags)
{
    /// <exception cref="ClinicProblem">400 for a header that is not a list of entity tags.</exception>
    public static IfMatch Read(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return default;
        }

        if (!EntityTagHeaderValue.TryParseList(header.OfType<string>().ToList(), out var tags))
        {
            throw ClinicProblem.Invalid("If-Match", "Must hold the ETag of the visit, in quotes.");
        }

        // Weak tags never match: RFC 9110 asks for the strong comparison here.
        return tags.Any(t => t.Equals(EntityTagHeaderValue.Any))
            ? default
            : new IfMatch([.. tags.Where(t => !t.IsWeak).Select(t => t.Tag.ToString())]);
    }

    public bool Allows(uint version) => Tags is null || Tags.Contains(AppointmentAnswer.ETagOf(version));
}
