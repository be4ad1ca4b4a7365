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
using Npgsql;

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
    /// <param name="change">Locks, checks and says what the visit is to be; throws to leave all as it was.</param>
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
        // Names this change in the database: its audit row has this id, whichever attempt wrote it.
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
            var taken = key is null ? null : await IdempotencyStore.TakeAsync(db, key, clock.GetUtcNow(), ct);
            if (taken?.Stored is { } stored)
            {
                return (AppointmentAnswer.Replay(stored) with { IsReplay = attempt == 1 }, null);
            }

            var (made, refusal) = await TryAsync(db, ct);
            // Asked only now, with the locks that the change takes: the commit of an earlier attempt that was still under way
            // in Postgres when its connection broke has ended by now, one way or the other.
            if (attempt > 1 && await FindCommittedAsync(db, changeId, ct) is { } committed)
            {
                return (AppointmentAnswer.Of(status, committed.Appointment, committed.Zone, committed.Appointment.Version), committed.Appointment);
            }

            if (made is null)
            {
                throw refusal!;
            }

            changedDoctor = made.Appointment.DoctorId;
            await using var writes = new ChangeWrites((NpgsqlConnection)db.Database.GetDbConnection());
            Record(writes, caller, changeId, made);
            if (key is null || taken is null)
            {
                var version = await db.CommitWithAsync<uint>(writes.Batch);
                return (AppointmentAnswer.Of(status, made.Appointment, made.Zone, version), made.Appointment);
            }

            var answer = AppointmentAnswer.Of(status, made.Appointment, made.Zone, taken.Version);
            writes.Answer(Kept(key, answer));
            await db.CommitWithAsync<uint>(writes.Batch);
            return (answer, made.Appointment);
        }

        // A change that was made already may well be refused the second time.
        async Task<(AppointmentChange? Made, ClinicProblem? Refusal)> TryAsync(ClinicDbContext db, CancellationToken ct)
        {
            try
            {
                return (await change(db, ct), null);
            }
            catch (ClinicProblem problem)
            {
                return (null, problem);
            }
        }
    }

    /// <summary>The visit of a change whose commit went through although its connection broke before saying so.</summary>
    private static async Task<AppointmentChange?> FindCommittedAsync(ClinicDbContext db, Guid changeId, CancellationToken cancellationToken)
    {
        var committed = await (
            from entry in db.AuditTrail
            join appointment in db.Appointments on entry.AppointmentId equals appointment.Id
            join doctor in db.Doctors on appointment.DoctorId equals doctor.Id
            where entry.ChangeId == changeId
            select new { Appointment = appointment, doctor.TimeZone }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        return committed is null
            ? null
            : new AppointmentChange(committed.Appointment, Core.Scheduling.TimeZones.Find(committed.TimeZone), default, null, null);
    }

    /// <summary>The visit, its audit row, the message of the change if somebody is to hear of it, and a reminder where there is still time for one.</summary>
    private void Record(ChangeWrites writes, Caller caller, Guid changeId, AppointmentChange change)
    {
        var now = clock.GetUtcNow();
        var appointment = change.Appointment;
        writes.Visit(appointment, isNew: change.FromStatus is null);
        writes.Audit(new AuditEntry
        {
            AppointmentId = appointment.Id,
            At = now,
            Actor = caller.Name,
            Action = change.Action,
            FromStatus = change.FromStatus,
            ToStatus = appointment.Status,
            Details = change.Details is null ? null : JsonSerializer.Serialize(change.Details, ClinicJson.Options),
            ChangeId = changeId,
        });
        if (KindOf(change) is not { } kind)
        {
            return;
        }

        writes.Message(Message(kind, now));
        var remindAt = appointment.StartsAt - ReminderLead;
        if (kind is MessageKind.Booked or MessageKind.Moved && remindAt > now)
        {
            writes.Message(Message(MessageKind.Reminder, remindAt));
        }

        OutboxMessage Message(MessageKind kind, DateTimeOffset dueAt) => new()
        {
            Id = Guid.CreateVersion7(now),
            AppointmentId = appointment.Id,
            Kind = kind,
            Sequence = appointment.Sequence,
            DueAt = dueAt,
            CreatedAt = now,
        };
    }

    private IdempotentResponse Kept(IdempotencyKey key, AppointmentAnswer answer) => new()
    {
        Caller = key.Caller.Name,
        Key = key.Key,
        RequestHash = key.RequestHash,
        StatusCode = answer.Status,
        Body = answer.Body,
        Location = answer.Location,
        ETag = answer.ETag,
        CreatedAt = clock.GetUtcNow(),
    };

    /// <summary>What the patient is told of the change; null for what happens before a booking and at the front desk.</summary>
    private static MessageKind? KindOf(AppointmentChange change) => change switch
    {
        { Action: AppointmentAction.Book or AppointmentAction.Confirm } => MessageKind.Booked,
        { Action: AppointmentAction.Move } => MessageKind.Moved,
        { Action: AppointmentAction.Cancel, FromStatus: not AppointmentStatus.Held } => MessageKind.Cancelled,
        _ => null,
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
/// <param name="Appointment">As it is to be written.</param>
/// <param name="Zone">The doctor's.</param>
/// <param name="Action">What was done.</param>
/// <param name="FromStatus">State before; null for a new visit.</param>
/// <param name="Details">What else changed, to be kept as JSON.</param>
internal sealed record AppointmentChange(
    Appointment Appointment, TimeZoneInfo Zone, AppointmentAction Action, AppointmentStatus? FromStatus, object? Details);
