using System.Text;
using System.Text.Json;
using Clinic.Core.Contracts;

namespace Clinic.Bench.Load;

/// <summary>Requests as the bytes that go over the wire, made before the clock runs.</summary>
internal static class RequestBytes
{
    public static byte[] Get(string pathAndQuery, string? token = null) => Of("GET", pathAndQuery, token, idempotencyKey: null, body: null);

    /// <summary>A change of a visit, with an Idempotency-Key of its own.</summary>
    public static byte[] Change<T>(string method, string path, string token, T? body) =>
        Of(method, path, token, Guid.NewGuid().ToString(), body is null ? null : JsonSerializer.Serialize(body, ClinicJson.Options));

    public static byte[] Post<T>(string path, string? token, T body) =>
        Of("POST", path, token, idempotencyKey: null, JsonSerializer.Serialize(body, ClinicJson.Options));

    private static byte[] Of(string method, string path, string? token, string? idempotencyKey, string? body)
    {
        var request = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        if (token is not null)
        {
            request.Append($"Authorization: Bearer {token}\r\n");
        }

        if (idempotencyKey is not null)
        {
            request.Append($"Idempotency-Key: {idempotencyKey}\r\n");
        }

        if (body is not null)
        {
            request.Append($"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        }

        return Encoding.UTF8.GetBytes(request.Append("\r\n").Append(body).ToString());
    }
}
