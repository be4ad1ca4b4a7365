using System.Text.Json;
using Clinic.Api.Idempotency;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Api.Slots;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Data;
using Clinic.Data.Appointments;
using Clinic.Data.Calendars;
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
    IDbContextFactory<ClinicDbContext> databases,
    DoctorSetups setups,
    SlotCache cache,
    DoctorLockMetrics locks,
    AppointmentTelemetry telemetry,
    TimeProvider clock)
{
    private static readonly TimeSpan ReminderLead = TimeSpan.FromHours(24);

    /// <summary>Runs a change and answers with <paramref name="status"/>, or replays the answer of the first time.</summary>
    /// <remarks>
    /// Two round trips: one takes the key and the locks and reads, one writes and commits. A doctor's setup that this process
    /// does not know yet takes a third.
    /// </remarks>
    /// <param name="action">What is to be done.</param>
    /// <param name="caller">Who asks for it.</param>
    /// <param name="key">The request's Idempotency-Key.</param>
    /// <param name="status">HTTP status of success.</param>
    /// <param name="question">What is locked and read.</param>
    /// <param name="decide">Checks and says what the visit is to be; throws to leave all as it was. May run more than once.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is changed then.</param>
    /// <exception cref="ClinicProblem">The change is refused.</exception>
    public Task<AppointmentAnswer> RunAsync(
        AppointmentAction action,
        Caller caller,
        IdempotencyKey? key,
        int status,
        CalendarQuestion question,
        Func<LockedCalendar, AppointmentChange> decide,
        CancellationToken cancellationToken) =>
        telemetry.WatchAsync(action, () => MakeAsync(action, caller, key, status, question, decide, cancellationToken));

    private async Task<AppointmentAnswer> MakeAsync(
        AppointmentAction action,
        Caller caller,
        IdempotencyKey? key,
        int status,
        CalendarQuestion question,
        Func<LockedCalendar, AppointmentChange> decide,
        CancellationToken cancellationToken)
    {
        // Names this change in the database: its audit row has this id, whichever attempt wrote it.
        var changeId = Guid.CreateVersion7(clock.GetUtcNow());
        Guid? changedDoctor = null;
        try
        {
            var (answer, changed) = await databases.OnConnectionAsync(Attempt, cancellationToken);
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

        async Task<(AppointmentAnswer Answer, Appointment? Changed)> Attempt(NpgsqlConnection connection, int attempt, CancellationToken ct)
        {
            // Begins with the first batch, in the same round trip; ends with the second, or here with nothing done.
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var rows = await AskAsync(connection, key, question, ct);
            if (key is not null && IdempotencyStore.Replay(key, rows.IsKeyOurs, rows.Stored, clock.GetUtcNow()) is { } stored)
            {
                return (AppointmentAnswer.Replay(stored) with { IsReplay = attempt == 1 }, null);
            }

            var calendar = await CalendarAsync(connection, question, rows, caller, ct);
            var (made, refusal) = Try(decide, calendar);
            // Asked only now, with the locks that the change takes: the commit of an earlier attempt that was still under way
            // in Postgres when its connection broke has ended by now, one way or the other.
            if (attempt > 1 && await FindCommittedAsync(connection, changeId, ct) is { } visit)
            {
                return (AppointmentAnswer.Of(status, visit, calendar.Zone, visit.Version), visit);
            }

            if (made is null)
            {
                throw refusal!;
            }

            changedDoctor = made.Appointment.DoctorId;
            // The version is known before the row is written, so the answer can be kept with it.
            var answer = AppointmentAnswer.Of(status, made.Appointment, calendar.Zone, rows.NextVersion);
            await using var writes = new ChangeWrites(connection);
            Record(writes, caller, changeId, made);
            if (key is not null)
            {
                writes.Answer(Kept(key, answer));
            }

            await writes.CommitAsync();
            return (answer, made.Appointment);
        }
    }

    // A change that was made already may well be refused the second time.
    private static (AppointmentChange? Made, ClinicProblem? Refusal) Try(Func<LockedCalendar, AppointmentChange> decide, LockedCalendar calendar)
    {
        try
        {
            return (decide(calendar), null);
        }
        catch (ClinicProblem problem)
        {
            return (null, problem);
        }
    }

    /// <summary>The first round trip: the key, the locks, what they protect.</summary>
    private async Task<CalendarRows> AskAsync(
        NpgsqlConnection connection, IdempotencyKey? key, CalendarQuestion question, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        question.Append(batch, key);
        await using var reader = question.LocksDoctor
            ? await locks.WaitAsync(() => batch.ExecuteReaderAsync(cancellationToken))
            : await batch.ExecuteReaderAsync(cancellationToken);
        return await question.ReadAsync(reader, key, cancellationToken);
    }

    /// <exception cref="ClinicProblem">404 for a doctor, patient or visit that is not there, or that the caller has nothing to do with.</exception>
    private async Task<LockedCalendar> CalendarAsync(
        NpgsqlConnection connection, CalendarQuestion question, CalendarRows rows, Caller caller, CancellationToken cancellationToken)
    {
        if (question.VisitId is { } id && (rows.Visit is null || !caller.Reaches(rows.Visit.DoctorId, rows.Visit.PatientId)))
        {
            throw ClinicProblem.NotFound("appointment", id);
        }

        var doctorId = question.DoctorId ?? rows.Visit!.DoctorId;
        if (rows.SetupVersion is not { } version)
        {
            throw ClinicProblem.NotFound("doctor", doctorId);
        }

        if (!rows.PatientExists)
        {
            throw ClinicProblem.NotFound("patient", question.PatientId!.Value);
        }

        var found = await setups.OfAsync(connection, [new(doctorId, version)], cancellationToken);
        return new LockedCalendar(found[doctorId], rows, clock.GetUtcNow());
    }

    /// <summary>The visit of a change whose commit went through although its connection broke before saying so.</summary>
    private static async Task<Appointment?> FindCommittedAsync(
        NpgsqlConnection connection, Guid changeId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT {AppointmentRow.Columns} FROM clinic.audit_trail e JOIN clinic.appointments a ON a.id = e.appointment_id
            WHERE e.change_id = $1
            """,
            connection)
        {
            Parameters = { new() { Value = changeId } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? AppointmentRow.Read(reader) : null;
    }

    /// <summary>The visit, its audit row, the message of the change if somebody is to hear of it, and a reminder where there is still time for one.</summary>
    private void Record(ChangeWrites writes, Caller caller, Guid changeId, AppointmentChange change)
    {
        var now = clock.GetUtcNow();
        var appointment = change.Appointment;
        if (change.LapsedHolds is not [])
        {
            writes.Before(LapsedHolds.Clear(change.LapsedHolds, now));
        }

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

        var remindAt = appointment.StartsAt - ReminderLead;
        writes.Messages(kind is MessageKind.Booked or MessageKind.Moved && remindAt > now
            ? [Message(kind, now), Message(MessageKind.Reminder, remindAt)]
            : [Message(kind, now)]);

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
/// <param name="Action">What was done.</param>
/// <param name="FromStatus">State before; null for a new visit.</param>
/// <param name="Details">What else changed, to be kept as JSON.</param>
internal sealed record AppointmentChange(Appointment Appointment, AppointmentAction Action, AppointmentStatus? FromStatus, object? Details)
{
    /// <summary>Lapsed holds that stand in the visit's way and are cleared with it.</summary>
    public Guid[] LapsedHolds { get; init; } = [];
}
