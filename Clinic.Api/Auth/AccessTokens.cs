using System.Text.Json;
using System.Text.Json.Serialization;
using Clinic.Core.Accounts;
using Clinic.Core.Contracts;
using Clinic.Data.Accounts;

namespace Clinic.Api.Auth;

/// <summary>What an access token says of its holder.</summary>
/// <param name="AccountId">Who it is.</param>
/// <param name="Role">What they may do.</param>
/// <param name="PatientId">A patient's own record.</param>
/// <param name="DoctorId">A doctor's own record.</param>
/// <param name="SessionId">The sign-in that it comes from.</param>
internal sealed record Identity(Guid AccountId, AccountRole Role, Guid? PatientId, Guid? DoctorId, Guid SessionId)
{
    /// <summary>Who has signed in; null for anybody else.</summary>
    public static Identity? Of(HttpContext context) =>
        // The header is a field of the request; the features are searched.
        context.Request.Headers.Authorization.Count == 0 ? null : context.Features.Get<Identity>();
}

/// <summary>
/// Access tokens: short-lived, so that nobody has to be asked about them. A sign-out or a changed account holds when the
/// token has expired, <see cref="Life"/> later at most.
/// </summary>
internal sealed class AccessTokens(SigningKeys keys, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private const string Issuer = "clinic";

    /// <summary>How far apart the clocks of two instances may be.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions Json = new(ClinicJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public string Issue(Account account, Guid sessionId)
    {
        var now = clock.GetUtcNow();
        var claims = new Claims(
            Issuer,
            Issuer,
            account.Id,
            account.Role,
            sessionId,
            now.ToUnixTimeSeconds(),
            (now + Life).ToUnixTimeSeconds(),
            account.PatientId,
            account.DoctorId);
        return Jwt.Sign(JsonSerializer.SerializeToUtf8Bytes(claims, Json), keys.Current);
    }

    /// <summary>The holder of a token that is ours and still good, else null.</summary>
    public Identity? Read(string token)
    {
        var now = clock.GetUtcNow();
        return Jwt.Verify(token, keys.Find)?.Deserialize<Claims>(Json) is { Iss: Issuer, Aud: Issuer } claims
            && DateTimeOffset.FromUnixTimeSeconds(claims.Exp) + ClockSkew > now
            && DateTimeOffset.FromUnixTimeSeconds(claims.Iat) - ClockSkew <= now
            ? new Identity(claims.Sub, claims.Role, claims.PatientId, claims.DoctorId, claims.Sid)
            : null;
    }

    /// <summary>Registered claims by their short names (RFC 7519, section 4.1), then ours.</summary>
    private sealed record Claims(
        string Iss, string Aud, Guid Sub, AccountRole Role, Guid Sid, long Iat, long Exp, Guid? PatientId = null, Guid? DoctorId = null);
}
