using Clinic.Core.Accounts;

namespace Clinic.Core.Contracts;

/// <summary>Asks for a code by e-mail.</summary>
public sealed record RequestCode
{
    public required string Email { get; init; }
}

/// <summary>Signs in with the code that came by e-mail.</summary>
public sealed record RequestToken
{
    public required string Email { get; init; }

    /// <summary>Six digits.</summary>
    public required string Code { get; init; }
}

/// <summary>Exchanges a refresh token, which is good for one use, for new tokens.</summary>
public sealed record RefreshTokens
{
    public required string RefreshToken { get; init; }
}

/// <summary>Ends a session by its refresh token; without one, the session of the access token.</summary>
public sealed record SignOut
{
    public string? RefreshToken { get; init; }
}

/// <summary>What a sign-in gives.</summary>
/// <param name="AccessToken">A JWT, to be sent as <c>Authorization: Bearer …</c>.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds for which the access token is good.</param>
/// <param name="RefreshToken">Good for one use.</param>
public sealed record Tokens(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken);

/// <summary>Who is signed in. Name, document number, phone and zone are those of a patient's record; staff have a name at most.</summary>
public sealed record Me(
    Guid AccountId,
    AccountRole Role,
    string Email,
    Guid? PatientId,
    Guid? DoctorId,
    string? FullName,
    string? DocumentNumber,
    string? Phone,
    string? TimeZone);

/// <summary>What people say about themselves; what is left out stays as it is.</summary>
public sealed record UpdateMe
{
    public string? FullName { get; init; }

    /// <summary>Patients only.</summary>
    public string? DocumentNumber { get; init; }

    /// <summary>Patients only.</summary>
    public string? Phone { get; init; }

    /// <summary>Patients only. IANA zone in which they read times.</summary>
    public string? TimeZone { get; init; }
}
