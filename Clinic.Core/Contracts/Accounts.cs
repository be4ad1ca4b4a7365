using Clinic.Core.Accounts;

namespace Clinic.Core.Contracts;

/// <summary>Somebody who can sign in. A disabled account cannot, and its sessions have ended.</summary>
public sealed record AccountDetails(
    Guid Id,
    string Email,
    AccountRole Role,
    string? FullName,
    Guid? PatientId,
    Guid? DoctorId,
    bool Disabled,
    DateTimeOffset CreatedAt);

/// <summary>An account for somebody of the clinic. Patients make theirs by signing in.</summary>
public sealed record CreateAccount
{
    /// <summary>Unique; codes go there.</summary>
    public required string Email { get; init; }

    /// <summary><c>doctor</c>, <c>staff</c> or <c>admin</c>.</summary>
    public required AccountRole Role { get; init; }

    public string? FullName { get; init; }

    /// <summary>Whose calendar it is: needed for the role <c>doctor</c>, refused for the others.</summary>
    public Guid? DoctorId { get; init; }
}

/// <summary>Replaces what an account may do. Its sessions end, so that the change holds at once.</summary>
public sealed record UpdateAccount
{
    public required AccountRole Role { get; init; }

    public string? FullName { get; init; }

    /// <summary>Needed for the role <c>doctor</c>, refused for the others.</summary>
    public Guid? DoctorId { get; init; }

    public bool Disabled { get; init; }
}
