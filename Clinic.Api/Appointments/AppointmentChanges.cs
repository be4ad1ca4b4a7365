using System.Text.Json;
using Clinic.Api.Idempotency;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Api.Slots;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Data;
using Clinic.Data.Appointments;
using Clinic.Data.Idempotency;
using Clinic.Data.Messages;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Appointments;

/// <summary>
/// What every change of a visit has in common: one transaction that holds the visit, its audit row, its messages and the
/// answer kept for the Idempotency-Key, all of it or nothing (R32).
/// </summary>
internal sealed class AppointmentChanges(
    IDbContextFactory<ClinicDbContext> databases, SlotCache cache, AppointmentTelemetry telemetry, TimeProvider clock)
{
    private static readonly TimeSpan ReminderLead = TimeSpan.FromHours(24);

    /// <summary>Runs a change and answers with <paramref name="status"/>, or replays the answer of the first time.</summary>
    /// <param name="action">What is to be done.</param>
    /// <param name="caller">Who asks for it.</param>
    /// <param name="key">The request's Idempotency-Key.</param>
    /// <param name="status">HTTP status of success.</param>
    /// <param name="change">Locks, checks and changes the tracked visit; throws to leave all as it was.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is changed then.</param>
    /// <exception cref="ClinicProblem">The change is refused.</exception>
    public Task<AppointmentAnswer> RunAsync(
        AppointmentAction action,
        Caller caller,
        IdempotencyKey? key,
        int status,
        Func<ClinicDbContext, CancellationToken, Task<AppointmentChange>> change,
        CancellationToken cancellationToken) =>
        telemetry.WatchAsync(action, () => MakeAsync(action, caller, key, status, change, cancellationToken));

    private async Task<AppointmentAnswer> MakeAsync(
        AppointmentAction action,
        Caller caller,
        IdempotencyKey? key,
        int status,
        Func<ClinicDbContext, CancellationToken, Task<AppointmentChange>> change,
        CancellationToken cancellationToken)
    {
        // Names this change in the database: its message has this id, whichever attempt wrote it.
        var changeId = Guid.CreateVersion7(clock.GetUtcNow());
        Guid? changedDoctor = null;
        try
        {
            var (answer, changed) = await databases.InTransactionAsync(Attempt, cancellationToken);
            if (changed is not null)
            {
                telemetry.Changed(changed, action);
            }

            return answer;
        }
        catch (Exception exception) when (Refusal(exception) is { } refusal)
        {
            throw refusal;
        }
        finally
        {
            // Also when it failed: a commit whose answer got lost may have gone through.
            if (changedDoctor is { } doctorId)
            {
                await cache.ForgetAsync(doctorId);
            }
        }

        async Task<(AppointmentAnswer Answer, Appointment? Changed)> Attempt(ClinicDbContext db, int attempt, CancellationToken ct)
        {
            if (key is not null && await IdempotencyStore.TakeAsync(db, key, ct) is { } stored)
            {
                return (AppointmentAnswer.Replay(stored) with { IsReplay = attempt == 1 }, null);
            }

            if (attempt > 1 && await FindCommittedAsync(db, changeId, ct) is { } committed)
            {
                return (AppointmentAnswer.Of(status, committed.Appointment, committed.Zone), committed.Appointment);
            }

            var made = await change(db, ct);
            changedDoctor = made.Appointment.DoctorId;
            Record(db, caller, changeId, made);
            await db.SaveChangesAsync(ct);
            var answer = AppointmentAnswer.Of(status, made.Appointment, made.Zone);
            if (key is not null)
            {
                Keep(db, key, answer);
                await db.SaveChangesAsync(ct);
            }

            return (answer, made.Appointment);
        }
    }

    /// <summary>The visit of a change whose commit went through although its connection broke before saying so.</summary>
    private static async Task<AppointmentChange?> FindCommittedAsync(ClinicDbContext db, Guid changeId, CancellationToken cancellationToken)
    {
        var committed = await (
            from message in db.Outbox
            join appointment in db.Appointments on message.AppointmentId equals appointment.Id
            join doctor in db.Doctors on appointment.DoctorId equals doctor.Id
            where message.Id == changeId
            select new { Appointment = appointment, doctor.TimeZone }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        return committed is null
            ? null
            : new AppointmentChange(committed.Appointment, Core.Scheduling.TimeZones.Find(committed.TimeZone), default, null, null);
    }

    /// <summary>Audit row, message of the change, and a reminder where there is still time for one.</summary>
    private void Record(ClinicDbContext db, Caller caller, Guid changeId, AppointmentChange change)
    {
        var now = clock.GetUtcNow();
        var appointment = change.Appointment;
        db.AuditTrail.Add(new AuditEntry
        {
            AppointmentId = appointment.Id,
            At = now,
            Actor = caller.Name,
            Action = change.Action,
            FromStatus = change.FromStatus,
            ToStatus = appointment.Status,
            Details = change.Details is null ? null : JsonSerializer.Serialize(change.Details, ClinicJson.Options),
        });
        db.Outbox.Add(Message(changeId, KindOf(change.Action), now));
        var remindAt = appointment.StartsAt - ReminderLead;
        if (appointment.Status == AppointmentStatus.Scheduled && remindAt > now)
        {
            db.Outbox.Add(Message(Guid.CreateVersion7(now), MessageKind.Reminder, remindAt));
        }

        OutboxMessage Message(Guid id, MessageKind kind, DateTimeOffset dueAt) => new()
        {
            Id = id,
            AppointmentId = appointment.Id,
            Kind = kind,
            Sequence = appointment.Sequence,
            DueAt = dueAt,
            CreatedAt = now,
        };
    }

    private void Keep(ClinicDbContext db, IdempotencyKey key, AppointmentAnswer answer) => db.IdempotencyKeys.Add(new IdempotentResponse
    {
        Caller = key.Caller.Name,
        Key = key.Key,
        RequestHash = key.RequestHash,
        StatusCode = answer.Status,
        Body = answer.Body,
        Location = answer.Location,
        ETag = answer.ETag,
        CreatedAt = clock.GetUtcNow(),
    });

    private static MessageKind KindOf(AppointmentAction action) => action switch
    {
        AppointmentAction.Book => MessageKind.Booked,
        AppointmentAction.Move => MessageKind.Moved,
        AppointmentAction.Cancel => MessageKind.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "No message tells of this action."),
    };

    /// <summary>What the last line of defence, the constraints, refused although the checks let it through.</summary>
    private static ClinicProblem? Refusal(Exception exception) => DatabaseFailure.ViolatedConstraint(exception) switch
    {
        "ex_appointments_doctor" => AppointmentProblems.SlotTaken(),
        "ex_appointments_patient" => AppointmentProblems.PatientBusy(),
        _ => null,
    };
}

/// <summary>A visit as a change leaves it, and what the audit trail says of the change.</summary>
/// <param name="Appointment">Tracked by the context of the transaction.</param>
/// <param name="Zone">The doctor's.</param>
/// <param name="Action">What was done.</param>
/// <param name="FromStatus">State before; null for a new visit.</param>
/// <param name="Details">What else changed, to be kept as JSON.</param>
internal sealed record AppointmentChange(
    Appointment Appointment, TimeZoneInfo Zone, AppointmentAction Action, AppointmentStatus? FromStatus, object? Details);
