namespace Clinic.Core.Contracts;

/// <summary>The stable <c>code</c> of a problem (RFC 9457), what clients decide on. The HTTP status stands in brackets.</summary>
public static class ProblemCodes
{
    /// <summary>(400) Something in the request is not of the right form; <c>errors</c> lists the fields.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>(400)</summary>
    public const string UnknownTimeZone = "unknown_time_zone";

    /// <summary>(401) There is no access token, or none that is good.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>(401) The sign-in code is wrong, expired, used or tried too often.</summary>
    public const string InvalidCode = "invalid_code";

    /// <summary>(401) The refresh token is unknown, used, expired or signed out.</summary>
    public const string InvalidRefreshToken = "invalid_refresh_token";

    /// <summary>(403) The account may not do this.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>(404) No such thing, or none that the caller may see.</summary>
    public const string NotFound = "not_found";

    /// <summary>(405)</summary>
    public const string MethodNotAllowed = "method_not_allowed";

    /// <summary>(409) Another visit of the doctor takes up the time.</summary>
    public const string SlotTaken = "slot_taken";

    /// <summary>(409) Another visit of the patient takes up the time.</summary>
    public const string PatientBusy = "patient_busy";

    /// <summary>(409) The visit's state does not allow it.</summary>
    public const string InvalidTransition = "invalid_transition";

    /// <summary>(409) The visit has begun, or begins too soon, for a patient to move or cancel it.</summary>
    public const string TooLate = "too_late";

    /// <summary>(409) The patient has as many holds as one may have at once.</summary>
    public const string TooManyHolds = "too_many_holds";

    /// <summary>(409) Visits would no longer lie in the doctor's hours; <c>stranded</c> lists them.</summary>
    public const string VisitsStranded = "visits_stranded";

    /// <summary>(409) A request with the same Idempotency-Key is still being worked on.</summary>
    public const string RequestInFlight = "request_in_flight";

    /// <summary>(409) The document number belongs to somebody registered with another e-mail address.</summary>
    public const string PatientExists = "patient_exists";

    /// <summary>(409) Another account has this e-mail address.</summary>
    public const string AccountExists = "account_exists";

    /// <summary>(409) The doctor has another treatment of this name.</summary>
    public const string TreatmentExists = "treatment_exists";

    /// <summary>(412) The visit was changed since the version in If-Match.</summary>
    public const string VersionConflict = "version_conflict";

    /// <summary>(413)</summary>
    public const string BodyTooLarge = "body_too_large";

    /// <summary>(415)</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>(422) The doctor does not receive patients then, or not in that modality.</summary>
    public const string OutsideAvailability = "outside_availability";

    /// <summary>(422)</summary>
    public const string InThePast = "in_the_past";

    /// <summary>(422) Less than the doctor's minimum notice away.</summary>
    public const string TooSoon = "too_soon";

    /// <summary>(422) After the last day that the doctor takes bookings for.</summary>
    public const string BeyondHorizon = "beyond_horizon";

    /// <summary>(422) Within the hours, but not at one of the doctor's starting times.</summary>
    public const string NotOnGrid = "not_on_grid";

    /// <summary>(422) The treatment is not this doctor's, or is not given in that modality.</summary>
    public const string TreatmentNotOffered = "treatment_not_offered";

    /// <summary>(422) The Idempotency-Key came before with another request.</summary>
    public const string IdempotencyKeyReused = "idempotency_key_reused";

    /// <summary>(429) Too many requests; Retry-After says when to go on.</summary>
    public const string TooManyRequests = "too_many_requests";

    /// <summary>(500)</summary>
    public const string InternalError = "internal_error";

    /// <summary>(503) A part that is needed is down; Retry-After says when to try again.</summary>
    public const string DependencyUnavailable = "dependency_unavailable";
}
