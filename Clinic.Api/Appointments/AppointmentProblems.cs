using Clinic.Api.Problems;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;

namespace Clinic.Api.Appointments;

/// <summary>Why a visit cannot be booked, moved or cancelled, in words for the caller.</summary>
internal static class AppointmentProblems
{
    public static ClinicProblem SlotTaken() =>
        ClinicProblem.Conflict(ProblemCodes.SlotTaken, "This time has just been taken. Please choose another one.");

    public static ClinicProblem PatientBusy() =>
        ClinicProblem.Conflict(ProblemCodes.PatientBusy, "The patient has another visit at this time.");

    public static ClinicProblem InvalidTransition(AppointmentStatus status, AppointmentAction action) => ClinicProblem.Conflict(
        ProblemCodes.InvalidTransition, $"A visit that is {Words(status)} cannot be {Past(action)}.");

    public static ClinicProblem TooLate(AppointmentAction action) =>
        ClinicProblem.Conflict(ProblemCodes.TooLate, $"The visit has begun already and cannot be {Past(action)} any more.");

    public static ClinicProblem VersionConflict() => new(
        StatusCodes.Status412PreconditionFailed,
        ProblemCodes.VersionConflict,
        "The visit was changed in the meantime. Read it again and decide anew.");

    public static ClinicProblem Refused(BookingRefusal refusal, BookingRules rules) => refusal switch
    {
        BookingRefusal.InThePast => ClinicProblem.Unprocessable(ProblemCodes.InThePast, "This time is in the past."),
        BookingRefusal.TooSoon => ClinicProblem.Unprocessable(
            ProblemCodes.TooSoon, $"This doctor asks for bookings at least {rules.MinNoticeMinutes} minutes ahead."),
        BookingRefusal.BeyondHorizon => ClinicProblem.Unprocessable(
            ProblemCodes.BeyondHorizon, $"This doctor takes bookings for the next {rules.HorizonDays} days."),
        BookingRefusal.OutsideAvailability => ClinicProblem.Unprocessable(
            ProblemCodes.OutsideAvailability, "The doctor does not receive patients at this time in this modality."),
        BookingRefusal.NotOnGrid => ClinicProblem.Unprocessable(
            ProblemCodes.NotOnGrid, $"Visits of this doctor start every {rules.SlotMinutes} minutes from the beginning of their hours."),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "Unknown refusal."),
    };

    private static string Words(AppointmentStatus status) => status switch
    {
        AppointmentStatus.CheckedIn => "checked in",
        AppointmentStatus.NoShow => "marked as a no-show",
        _ => status.ToString().ToLowerInvariant(),
    };

    private static string Past(AppointmentAction action) => action switch
    {
        AppointmentAction.Move => "moved",
        AppointmentAction.Cancel => "cancelled",
        _ => action.ToString().ToLowerInvariant(),
    };
}
