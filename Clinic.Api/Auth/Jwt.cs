using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Clinic.Api.Auth;

/// <summary>
/// JSON Web Tokens (RFC 7519) in compact form (RFC 7515) with one algorithm, HS256: what a token says about its algorithm
/// is never followed, only compared. Knows nothing of what the claims mean.
/// </summary>
internal static class Jwt
{
    private const string Algorithm = "HS256";

    /// <summary>Longer than any token of ours: whatever is longer is not worth hashing.</summary>
    private const int MaxLength = 4096;

    /// <summary>Signs <paramref name="claims"/>, a JSON object, with the key and names it in the header.</summary>
    public static string Sign(ReadOnlySpan<byte> claims, SigningKey key)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new { alg = Algorithm, typ = "JWT", kid = key.Id });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key.Secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The claims of a token that one of the keys has signed, or null for anything else.</summary>
    /// <param name="token">As it came in.</param>
    /// <param name="keyOf">Finds the key by the id that the token names.</param>
    public static JsonElement? Verify(string token, Func<string, SigningKey?> keyOf)
    {
        if (token.Length > MaxLength || token.Split('.') is not [var header, var claims, var signature])
        {
            return null;
        }

        try
        {
            var head = JsonSerializer.Deserialize<Header>(Base64Url.DecodeFromChars(header));
            if (head is not { Alg: Algorithm, Kid: { } kid } || keyOf(kid) is not { } key)
            {
                return null;
            }

            var expected = HMACSHA256.HashData(key.Secret, Encoding.ASCII.GetBytes(token, 0, header.Length + 1 + claims.Length));
            return CryptographicOperations.FixedTimeEquals(expected, Base64Url.DecodeFromChars(signature))
                ? JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(claims))
                : null;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            return null;
        }
    }

    private sealed record Header(
        [property: System.Text.Json.Serialization.JsonPropertyName("alg")] string? Alg,
        [property: System.Text.Json.Serialization.JsonPropertyName("kid")] string? Kid);
}
