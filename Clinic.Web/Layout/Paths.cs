using Clinic.Core.Scheduling;
using Clinic.Web.Wording;
using Microsoft.AspNetCore.WebUtilities;

namespace Clinic.Web.Layout;

/// <summary>The addresses of the pages; parts that are null are left out.</summary>
public static class Paths
{
    public const string Find = "/";

    /// <summary>The visitor's own visits.</summary>
    public const string Visits = "/appointments";

    /// <param name="page">Which page of the upcoming ones.</param>
    /// <param name="past">Which page of the past ones.</param>
    public static string VisitsOf(string? page, string? past) => With(Visits, ("page", page), ("past", past));

    /// <summary>Takes a POST.</summary>
    public const string SignOut = "/sign-out";

    /// <param name="returnUrl">Where to go on afterwards: a path of this site.</param>
    /// <param name="unsent">Whether a form could not be taken for lack of a session.</param>
    public static string SignIn(string? returnUrl = null, bool unsent = false) =>
        With("/sign-in", ("returnUrl", returnUrl), ("unsent", unsent ? "true" : null));

    /// <param name="returnUrl">As of <see cref="SignIn"/>.</param>
    /// <param name="again">Whether a new code has just been sent in place of an earlier one.</param>
    public static string SignInCode(string? returnUrl, bool again = false) =>
        With("/sign-in/code", ("returnUrl", returnUrl), ("again", again ? "true" : null));

    /// <param name="id">The doctor.</param>
    /// <param name="treatmentId">The treatment that free times are shown for.</param>
    /// <param name="modality">The modality that free times are shown for.</param>
    /// <param name="week">First day shown.</param>
    /// <param name="start">A time to point out; shows its week where <paramref name="week"/> is null.</param>
    public static string Doctor(Guid id, Guid? treatmentId = null, Modality? modality = null, DateOnly? week = null, DateTimeOffset? start = null) =>
        With($"/doctors/{id}", ("treatmentId", treatmentId?.ToString()), ("modality", Wire.Of(modality)), ("week", Week(week)), ("start", Start(start)));

    public static string Book(Guid doctorId, Guid treatmentId, Modality modality, DateTimeOffset start) =>
        With($"/doctors/{doctorId}/book", ("treatmentId", treatmentId.ToString()), ("modality", Wire.Of(modality)), ("start", Start(start)));

    /// <param name="id">The visit.</param>
    /// <param name="done">What has just been done to it: <c>booked</c>, <c>moved</c> or <c>cancelled</c>.</param>
    public static string Visit(Guid id, string? done = null) => With($"/appointments/{id}", ("done", done));

    public static string Move(Guid id, Modality? modality = null, DateOnly? week = null, DateTimeOffset? start = null) =>
        With($"/appointments/{id}/move", ("modality", Wire.Of(modality)), ("week", Week(week)), ("start", Start(start)));

    /// <summary>Where a move to <paramref name="start"/> is confirmed.</summary>
    public static string MoveTo(Guid id, Modality modality, DateTimeOffset start) =>
        With($"/appointments/{id}/move", ("modality", Wire.Of(modality)), ("to", Wire.Of(start)));

    public static string Cancel(Guid id) => $"/appointments/{id}/cancel";

    public static string With(string path, params (string Name, string? Value)[] query) =>
        QueryHelpers.AddQueryString(path, query.Select(q => KeyValuePair.Create(q.Name, q.Value)));

    private static string? Week(DateOnly? week) => week is { } day ? Wire.Of(day) : null;

    private static string? Start(DateTimeOffset? start) => start is { } instant ? Wire.Of(instant) : null;
}
