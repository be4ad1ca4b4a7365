using System.Diagnostics;
using System.Diagnostics.Metrics;
using Clinic.Api.Problems;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Data.Appointments;
using Clinic.ServiceDefaults.Telemetry;

namespace Clinic.Api.Appointments;

/// <summary>What operators see of every change of a visit: a span around its transaction, a count by outcome, a log line.</summary>
/// <remarks>Ids of visits and doctors say which one it was; of the patient there is nothing.</remarks>
internal sealed partial class AppointmentTelemetry(IMeterFactory meters, ILogger<AppointmentTelemetry> logger)
{
    /// <summary>The caller went away before it was decided.</summary>
    private const string Abandoned = "abandoned";

    /// <summary>The answer of an earlier request with the same Idempotency-Key.</summary>
    private const string Replayed = "replayed";

    private readonly Counter<long> _bookings = meters.Create(ClinicTelemetry.Name).CreateCounter<long>(
        "clinic.bookings", "{attempt}", "Attempts to change a visit, by action and outcome.");

    /// <summary>Runs a change with all its retries under one span, and counts how it ended.</summary>
    public async Task<AppointmentAnswer> WatchAsync(AppointmentAction action, Func<Task<AppointmentAnswer>> change)
    {
        using var span = ClinicTelemetry.Activities.StartActivity($"{Verb(action).Replace('_', ' ')} appointment");
        try
        {
            var answer = await change();
            Count(span, action, answer.IsReplay ? Replayed : Done(action));
            return answer;
        }
        catch (ClinicProblem refusal)
        {
            Count(span, action, refusal.Code);
            LogRefused(Verb(action), refusal.Code);
            throw;
        }
        catch (OperationCanceledException)
        {
            Count(span, action, Abandoned);
            throw;
        }
        catch (Exception failure)
        {
            Count(span, action, DatabaseFailure.IsUnavailable(failure) ? ProblemCodes.DependencyUnavailable : ProblemCodes.InternalError);
            span?.Fail(failure);
            throw;
        }
    }

    /// <summary>Tells of a change that is committed, within <see cref="WatchAsync"/>.</summary>
    public void Changed(Appointment appointment, AppointmentAction action)
    {
        Activity.Current?.SetTag("clinic.appointment.id", appointment.Id.ToString());
        Activity.Current?.SetTag("clinic.doctor.id", appointment.DoctorId.ToString());
        LogChanged(appointment.Id, appointment.DoctorId, Done(action));
    }

    private void Count(Activity? span, AppointmentAction action, string outcome)
    {
        _bookings.Add(1, new("action", Verb(action)), new("outcome", outcome));
        span?.SetTag("clinic.booking.outcome", outcome);
    }

    private static string Verb(AppointmentAction action) => action switch
    {
        AppointmentAction.Hold => "hold",
        AppointmentAction.Book => "book",
        AppointmentAction.Confirm => "confirm",
        AppointmentAction.Move => "move",
        AppointmentAction.Cancel => "cancel",
        AppointmentAction.CheckIn => "check_in",
        AppointmentAction.Complete => "complete",
        AppointmentAction.NoShow => "no_show",
        AppointmentAction.UndoNoShow => "undo_no_show",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "This action is not watched."),
    };

    private static string Done(AppointmentAction action) => action switch
    {
        AppointmentAction.Hold => "held",
        AppointmentAction.Book => "booked",
        AppointmentAction.Confirm => "confirmed",
        AppointmentAction.Move => "moved",
        AppointmentAction.Cancel => "cancelled",
        AppointmentAction.CheckIn => "checked_in",
        AppointmentAction.Complete => "completed",
        AppointmentAction.NoShow => "no_show",
        AppointmentAction.UndoNoShow => "scheduled_again",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "This action is not watched."),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Visit {AppointmentId} of doctor {DoctorId} is {Outcome}")]
    private partial void LogChanged(Guid appointmentId, Guid doctorId, string outcome);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Refused to {Action} a visit: {Outcome}")]
    private partial void LogRefused(string action, string outcome);
}
