using Clinic.Core.Contracts;
using Clinic.Web.Api;

namespace Clinic.Web.Wording;

/// <summary>Why the clinic cannot do what was asked, as a friendly front desk would say it, and what to do next.</summary>
/// <param name="Title">What is wrong.</param>
/// <param name="Advice">What to do about it.</param>
/// <param name="AnotherTime">Whether another time would help.</param>
/// <param name="SignIn">Whether signing in would help.</param>
public sealed record Refusal(string Title, string Advice, bool AnotherTime = false, bool SignIn = false)
{
    private const string PickNearby = "Pick another free time and send it again.";

    public static Refusal Of(ApiProblem problem) => problem.Code switch
    {
        ProblemCodes.SlotTaken => new("That time was just taken", $"Somebody else booked it a moment ago. {PickNearby}", true),
        ProblemCodes.PatientBusy => new("You already have a visit at that time", $"Another visit of yours overlaps it. {PickNearby}", true),
        ProblemCodes.OutsideAvailability => new("The doctor does not see patients at that time", PickNearby, true),
        ProblemCodes.NotOnGrid => new("Visits do not start at that time", PickNearby, true),
        ProblemCodes.InThePast => new("That time has already passed", PickNearby, true),
        ProblemCodes.TooSoon => new("That time is too close to book", $"The doctor needs a little more notice. {PickNearby}", true),
        ProblemCodes.BeyondHorizon => new("That time is too far ahead", $"The doctor does not take bookings for that day yet. {PickNearby}", true),
        ProblemCodes.TreatmentNotOffered => new(
            "The doctor no longer offers this treatment in that way", "Go back to the doctor's page and choose another treatment, or switch between in person and online."),
        ProblemCodes.PatientExists => new(
            "That document number is registered with another e-mail address", "Check the number for a slip. If it is right, sign in with the address that you used before, or ask the clinic."),
        ProblemCodes.TooLate => new("It is too late to change this visit", "It has begun or is about to. Please call the clinic and we will help you."),
        ProblemCodes.InvalidTransition => new("This visit can no longer be changed", "It has been cancelled or has taken place in the meantime."),
        ProblemCodes.VersionConflict => new(
            "The visit changed while you were looking at it", "Below is how it stands now. Check it, and confirm again if you still want the change."),
        ProblemCodes.IdempotencyKeyReused => new(
            "This form was sent before with other details", "Check what it says now. If you want it in addition to the first one, send it again."),
        ProblemCodes.RequestInFlight => new("We are still working on it", "Wait a moment, then press the button again: nothing is done twice."),
        ProblemCodes.Unauthenticated => new(
            "You are no longer signed in", "Sign in again in another tab. Then come back to this one and press the button once more.", SignIn: true),
        ProblemCodes.Forbidden => new("Your account cannot do that", problem.Detail ?? "Please ask the clinic."),
        _ when problem.IsTooMany => new("One moment, please", $"There were many requests in a short time. Try again {Say.In(problem.RetryAfter)}."),
        _ when problem.IsDown => new(
            "We cannot reach the booking system right now", "This is on our side. Wait a moment and send it again: nothing is done twice."),
        _ => new("We could not do that", problem.Detail ?? "Please check what you entered and try again."),
    };
}
