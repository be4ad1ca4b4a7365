using System.Data;
using Clinic.Api.Appointments;
using Clinic.Api.Problems;
using Clinic.Api.Slots;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Doctors;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Schedules;

/// <summary>How a change of hours ended: one of the two is there.</summary>
/// <param name="Changed">What was changed.</param>
/// <param name="DryRun">What would be stranded; nothing was changed.</param>
internal sealed record ScheduleOutcome<T>(T? Changed, StrandedVisits? DryRun)
    where T : class;

/// <summary>
/// Reads and changes a doctor's hours. Every change takes the doctor's lock, as booking does: of two edits the last
/// complete one wins, and no booking is checked against half of one.
/// </summary>
internal sealed class ScheduleEditor(
    IDbContextFactory<ClinicDbContext> databases, SlotCache cache, DoctorLockMetrics locks, TimeProvider clock)
{
    /// <remarks>One snapshot for all of it, or a change meanwhile would be read in parts.</remarks>
    /// <exception cref="ClinicProblem">404.</exception>
    public Task<ScheduleDetails> GetAsync(Guid doctorId, CancellationToken cancellationToken) => databases.InTransactionAsync(
        async (db, _, ct) => Details(await FindAsync(db.Doctors.AsNoTracking(), doctorId, ct)), cancellationToken, IsolationLevel.RepeatableRead);

    /// <exception cref="ClinicProblem">404, or 409 <c>visits_stranded</c>.</exception>
    public Task<ScheduleOutcome<ScheduleDetails>> ReplaceAsync(
        Guid doctorId, ReplaceSchedule schedule, StrandingChoice choice, CancellationToken cancellationToken) =>
        ChangeAsync(
            doctorId,
            choice,
            doctor => doctor.ToAvailability() with { Weekly = schedule.Weekly },
            (db, doctor) =>
            {
                doctor.SlotMinutes = schedule.SlotMinutes;
                doctor.BufferMinutes = schedule.BufferMinutes;
                doctor.MinNoticeMinutes = schedule.MinNoticeMinutes;
                doctor.HorizonDays = schedule.HorizonDays;
                doctor.ChangeNoticeMinutes = schedule.ChangeNoticeMinutes ?? doctor.ChangeNoticeMinutes;
                db.WeeklyWindows.RemoveRange(doctor.WeeklyWindows);
                db.WeeklyWindows.AddRange(schedule.Weekly.Select(hours => new WeeklyWindow
                {
                    Id = Guid.CreateVersion7(clock.GetUtcNow()),
                    DoctorId = doctorId,
                    DayOfWeek = hours.DayOfWeek,
                    StartsAt = hours.Start,
                    EndsAt = hours.End,
                    Modality = hours.Modality,
                }));
                return doctor;
            },
            Details,
            cancellationToken);

    /// <exception cref="ClinicProblem">400 for one that overlaps another, 404, or 409 <c>visits_stranded</c>.</exception>
    public Task<ScheduleOutcome<ExceptionDetails>> AddAsync(
        Guid doctorId, AddException exception, StrandingChoice choice, CancellationToken cancellationToken)
    {
        // Made once, outside of any retry.
        var added = new DatedException
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            DoctorId = doctorId,
            StartsAt = exception.Start,
            EndsAt = exception.End,
            Kind = exception.Kind,
            Modality = exception.Modality,
            Reason = string.IsNullOrWhiteSpace(exception.Reason) ? null : exception.Reason.Trim(),
        };
        return ChangeAsync(
            doctorId,
            choice,
            doctor =>
            {
                // A retry may find the row of an attempt whose commit went through unseen.
                ScheduleException[] others = [.. doctor.Exceptions.Where(e => e.Id != added.Id).Select(e => e.ToException())];
                ScheduleCheck.RequireNoOverlap(added.ToException(), others);
                return doctor.ToAvailability() with { Exceptions = [.. others, added.ToException()] };
            },
            (db, doctor) => doctor.Exceptions.SingleOrDefault(e => e.Id == added.Id) ?? db.Exceptions.Add(added).Entity,
            Details,
            cancellationToken);
    }

    /// <exception cref="ClinicProblem">404, or 409 <c>visits_stranded</c>.</exception>
    public Task<ScheduleOutcome<ExceptionDetails>> RemoveAsync(
        Guid doctorId, Guid exceptionId, StrandingChoice choice, CancellationToken cancellationToken) =>
        ChangeAsync(
            doctorId,
            choice,
            doctor => doctor.Exceptions.Any(e => e.Id == exceptionId)
                ? doctor.ToAvailability() with { Exceptions = [.. doctor.Exceptions.Where(e => e.Id != exceptionId).Select(e => e.ToException())] }
                : throw ClinicProblem.NotFound("exception", exceptionId),
            (db, doctor) => db.Exceptions.Remove(doctor.Exceptions.Single(e => e.Id == exceptionId)).Entity,
            Details,
            cancellationToken);

    /// <summary>Locks the doctor, checks what the hours would become, and changes them unless it is a dry run.</summary>
    private async Task<ScheduleOutcome<TResult>> ChangeAsync<TChanged, TResult>(
        Guid doctorId,
        StrandingChoice choice,
        Func<Doctor, Availability> plan,
        Func<ClinicDbContext, Doctor, TChanged> change,
        Func<TChanged, TResult> result,
        CancellationToken cancellationToken)
        where TResult : class
    {
        var isChanged = false;
        try
        {
            return await databases.InTransactionAsync(
                async (db, _, ct) =>
                {
                    var doctor = await LockAsync(db, locks, doctorId, ct);
                    if (await Stranding.DecideAsync(db, doctorId, doctor.ToAvailability(), plan(doctor), choice, clock.GetUtcNow(), ct) is { } answer)
                    {
                        return new ScheduleOutcome<TResult>(null, answer);
                    }

                    var changed = change(db, doctor);
                    isChanged = true;
                    await db.SaveChangesAsync(ct);
                    return new ScheduleOutcome<TResult>(result(changed), null);
                },
                cancellationToken);
        }
        finally
        {
            // Also when it failed: a commit whose answer got lost may have gone through.
            if (isChanged)
            {
                await cache.ForgetAsync(doctorId);
            }
        }
    }

    /// <summary>The doctor with windows and exceptions, under the lock that every change of the hours or of their zone takes.</summary>
    /// <exception cref="ClinicProblem">404.</exception>
    public static async Task<Doctor> LockAsync(ClinicDbContext db, DoctorLockMetrics locks, Guid doctorId, CancellationToken cancellationToken)
    {
        await locks.WaitAsync(() =>
            db.Database.ExecuteSqlAsync($"SELECT FROM clinic.doctors WHERE id = {doctorId} FOR NO KEY UPDATE", cancellationToken));
        return await FindAsync(db.Doctors, doctorId, cancellationToken);
    }

    private static async Task<Doctor> FindAsync(IQueryable<Doctor> doctors, Guid id, CancellationToken cancellationToken) =>
        await doctors.Include(d => d.WeeklyWindows).Include(d => d.Exceptions).AsSplitQuery().SingleOrDefaultAsync(d => d.Id == id, cancellationToken)
        ?? throw ClinicProblem.NotFound("doctor", id);

    private static ScheduleDetails Details(Doctor doctor) => new(
        doctor.TimeZone,
        doctor.SlotMinutes,
        doctor.BufferMinutes,
        doctor.MinNoticeMinutes,
        doctor.HorizonDays,
        doctor.ChangeNoticeMinutes,
        [.. doctor.WeeklyWindows
            // The week of the contract begins on Monday.
            .OrderBy(w => ((int)w.DayOfWeek + 6) % 7).ThenBy(w => w.StartsAt)
            .Select(w => new WeeklyHours(w.DayOfWeek, w.StartsAt, w.EndsAt, w.Modality))],
        [.. doctor.Exceptions.OrderBy(e => e.StartsAt).ThenBy(e => e.Id).Select(Details)]);

    private static ExceptionDetails Details(DatedException exception) =>
        new(exception.Id, exception.StartsAt, exception.EndsAt, exception.Kind, exception.Modality, exception.Reason);
}
