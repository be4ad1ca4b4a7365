using Clinic.Api.Auth;
using Clinic.Api.Problems;
using Clinic.Core.Accounts;

namespace Clinic.Api.Requests;

/// <summary>Who sends a request: the actor of the audit trail, whose idempotency keys are meant, and how far they get here.</summary>
/// <param name="Name">Names the caller for good, whatever becomes of their e-mail address.</param>
/// <param name="Role">What they may do.</param>
/// <param name="PatientId">A patient's own record.</param>
/// <param name="DoctorId">A doctor's own record.</param>
internal sealed record Caller(string Name, AccountRole Role, Guid? PatientId = null, Guid? DoctorId = null)
{
    public required Guid AccountId { get; init; }

    /// <summary>How far the caller gets at the endpoint that was called.</summary>
    public required Reach Reach { get; init; }

    /// <summary>Lets endpoints that need a token take the caller as a parameter.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is public, so there may be none.</exception>
    public static ValueTask<Caller?> BindAsync(HttpContext context)
    {
        var access = context.GetEndpoint()?.Metadata.GetMetadata<Access>();
        if (context.Features.Get<Identity>() is not { } identity || access is null or { IsPublic: true })
        {
            throw new InvalidOperationException("Only endpoints that need a token know their caller.");
        }

        return ValueTask.FromResult<Caller?>(Of(identity, access.Of(identity.Role)));
    }

    public static Caller Of(Identity identity, Reach reach) => new(
        $"{identity.Role.ToString().ToLowerInvariant()}:{identity.AccountId}", identity.Role, identity.PatientId, identity.DoctorId)
    {
        AccountId = identity.AccountId,
        Reach = reach,
    };

    /// <summary>Whether a visit, or a calendar entry, is one that the caller may have to do with.</summary>
    public bool Reaches(Guid doctorId, Guid patientId) => Reach switch
    {
        Reach.All => true,
        Reach.Own => (Role == AccountRole.Patient && PatientId == patientId) || (Role == AccountRole.Doctor && DoctorId == doctorId),
        _ => false,
    };

    /// <exception cref="ClinicProblem">404: another doctor's calendar, to those who reach their own only.</exception>
    public void RequireDoctor(Guid doctorId)
    {
        if (Reach != Reach.All && (Role != AccountRole.Doctor || DoctorId != doctorId))
        {
            throw ClinicProblem.NotFound("doctor", doctorId);
        }
    }
}
