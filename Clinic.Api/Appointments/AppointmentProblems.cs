using System.Globalization;
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

    public static ClinicProblem NoShowTooEarly(DateTimeOffset from, TimeZoneInfo zone) => ClinicProblem.Conflict(
        ProblemCodes.InvalidTransition, $"The visit can be marked as a no-show from {Words(from, zone)} on, some minutes after its start.");

    public static ClinicProblem HoldLapsed(DateTimeOffset at, TimeZoneInfo zone) => ClinicProblem.Conflict(
        ProblemCodes.InvalidTransition, $"The hold has expired at {Words(at, zone)}. Please choose a time again.");

    public static ClinicProblem TooManyHolds() => ClinicProblem.Conflict(
        ProblemCodes.TooManyHolds,
        $"The patient holds {Lifecycle.MaxHoldsOfPatient} times already. Confirm or cancel one of them, or wait until it expires.");

    public static ClinicProblem TooLate(AppointmentAction action, DateTimeOffset until, TimeZoneInfo zone) => ClinicProblem.Conflict(
        ProblemCodes.TooLate, $"This visit could be {Past(action)} until {Words(until, zone)}. Please call the clinic.");

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

    /// <summary>An instant for people: the doctor's wall time and the zone that it is in.</summary>
    public static string Words(DateTimeOffset instant, TimeZoneInfo zone) =>
        string.Create(CultureInfo.InvariantCulture, $"{instant.InZone(zone):yyyy-MM-dd HH:mm} ({zone.Id})");

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
        AppointmentAction.Confirm => "confirmed",
        AppointmentAction.CheckIn => "checked in",
        AppointmentAction.Complete => "completed",
        AppointmentAction.NoShow => "marked as a no-show",
        AppointmentAction.UndoNoShow => "taken back as a no-show",
        _ => action.ToString().ToLowerInvariant(),
    };
}
