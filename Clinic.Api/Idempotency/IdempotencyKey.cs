using System.Security.Cryptography;
using System.Text.Json;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Contracts;

namespace Clinic.Api.Idempotency;

/// <summary>The Idempotency-Key of a request, bound to its caller and to what it asks for.</summary>
/// <param name="Caller">Whose key it is.</param>
/// <param name="Key">As it was sent.</param>
/// <param name="RequestHash">SHA-256 of method, path with query, and body.</param>
internal sealed record IdempotencyKey(Caller Caller, string Key, byte[] RequestHash)
{
    public const string Header = "Idempotency-Key";

    /// <summary>The key of the request, or null if it has none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">Who sent it.</param>
    /// <param name="body">The body as it was read: white space and the order of fields do not make another request.</param>
    /// <exception cref="ClinicProblem">400 for a key that is not 1 to 255 visible ASCII characters.</exception>
    public static IdempotencyKey? Read(HttpRequest request, Caller caller, object? body = null)
    {
        if (!request.Headers.TryGetValue(Header, out var values))
        {
            return null;
        }

        var key = values.ToString();
        if (values.Count != 1 || key.Length is 0 or > 255 || key.Any(c => c is < '!' or > '~'))
        {
            throw ClinicProblem.Invalid(Header, "Must be one value of 1 to 255 visible ASCII characters.");
        }

        var asked = new { request.Method, Path = request.Path.Value, Query = request.QueryString.Value, Body = body };
        return new IdempotencyKey(caller, key, SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(asked, ClinicJson.Options)));
    }
}
