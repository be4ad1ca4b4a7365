namespace Clinic.Api.Requests;

/// <summary>Who sends a request: the actor of the audit trail, and whose idempotency keys are meant.</summary>
internal sealed record Caller(string Name)
{
    /// <summary>Calls are open as yet, so everybody is one and the same caller.</summary>
    public static readonly Caller Anonymous = new("anonymous");
}
