using Clinic.Core.Accounts;

namespace Clinic.Api.Auth;

/// <summary>How far somebody gets at an endpoint.</summary>
internal enum Reach
{
    /// <summary>Not at all: 401 without a token, 403 with one.</summary>
    None,

    /// <summary>What belongs to them; all else is 404, as if it were not there.</summary>
    Own,

    All,
}

/// <summary>Who gets how far at an endpoint; a row of <see cref="AccessTable"/>.</summary>
internal sealed record Access(Reach Anonymous, Reach Patient, Reach Doctor, Reach Staff, Reach Admin)
{
    public bool IsPublic => Anonymous == Reach.All;

    /// <param name="role">Null for a caller who is not signed in.</param>
    public Reach Of(AccountRole? role) => role switch
    {
        null => Anonymous,
        AccountRole.Patient => Patient,
        AccountRole.Doctor => Doctor,
        AccountRole.Staff => Staff,
        AccountRole.Admin => Admin,
        _ => Reach.None,
    };
}
