using Clinic.Api.Appointments;
using Clinic.Api.Problems;
using Clinic.Api.Slots;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Doctors;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Schedules;

/// <summary>
/// Reads and changes a doctor's hours. Every change takes the doctor's lock, as booking does: of two edits the last
/// complete one wins, and no booking is checked against half of one.
/// </summary>
internal sealed class ScheduleEditor(
    IDbContextFactory<ClinicDbContext> databases, SlotCache cache, DoctorLockMetrics locks, TimeProvider clock)
{
    /// <exception cref="ClinicProblem">404.</exception>
    public async Task<ScheduleDetails> GetAsync(Guid doctorId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return Details(await FindAsync(db.Doctors.AsNoTracking(), doctorId, cancellationToken));
    }

    /// <exception cref="ClinicProblem">404.</exception>
    public Task<ScheduleDetails> ReplaceAsync(Guid doctorId, ReplaceSchedule schedule, CancellationToken cancellationToken) =>
        ChangeAsync(
            doctorId,
            (db, doctor) =>
            {
                doctor.SlotMinutes = schedule.SlotMinutes;
                doctor.BufferMinutes = schedule.BufferMinutes;
                doctor.MinNoticeMinutes = schedule.MinNoticeMinutes;
                doctor.HorizonDays = schedule.HorizonDays;
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

    /// <exception cref="ClinicProblem">404.</exception>
    public Task<ExceptionDetails> AddAsync(Guid doctorId, AddException exception, CancellationToken cancellationToken)
    {
        // Made once, outside of any retry.
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        return ChangeAsync(
            doctorId,
            (db, _) => db.Exceptions.Add(new DatedException
            {
                Id = id,
                DoctorId = doctorId,
                StartsAt = exception.Start,
                EndsAt = exception.End,
                Kind = exception.Kind,
                Modality = exception.Modality,
                Reason = string.IsNullOrWhiteSpace(exception.Reason) ? null : exception.Reason.Trim(),
            }).Entity,
            Details,
            cancellationToken);
    }

    /// <exception cref="ClinicProblem">404.</exception>
    public Task RemoveAsync(Guid doctorId, Guid exceptionId, CancellationToken cancellationToken) =>
        ChangeAsync(
            doctorId,
            (db, doctor) => db.Exceptions.Remove(
                doctor.Exceptions.SingleOrDefault(e => e.Id == exceptionId) ?? throw ClinicProblem.NotFound("exception", exceptionId)).Entity,
            Details,
            cancellationToken);

    private async Task<TResult> ChangeAsync<TChanged, TResult>(
        Guid doctorId, Func<ClinicDbContext, Doctor, TChanged> change, Func<TChanged, TResult> result, CancellationToken cancellationToken)
    {
        var isChanged = false;
        try
        {
            return await databases.InTransactionAsync(
                async (db, _, ct) =>
                {
                    await locks.WaitAsync(() =>
                        db.Database.ExecuteSqlAsync($"SELECT FROM clinic.doctors WHERE id = {doctorId} FOR NO KEY UPDATE", ct));
                    var changed = change(db, await FindAsync(db.Doctors, doctorId, ct));
                    isChanged = true;
                    await db.SaveChangesAsync(ct);
                    return result(changed);
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

    private static async Task<Doctor> FindAsync(IQueryable<Doctor> doctors, Guid id, CancellationToken cancellationToken) =>
        await doctors.Include(d => d.WeeklyWindows).Include(d => d.Exceptions).AsSplitQuery().SingleOrDefaultAsync(d => d.Id == id, cancellationToken)
        ?? throw ClinicProblem.NotFound("doctor", id);

    private static ScheduleDetails Details(Doctor doctor) => new(
        doctor.TimeZone,
        doctor.SlotMinutes,
        doctor.BufferMinutes,
        doctor.MinNoticeMinutes,
        doctor.HorizonDays,
        [.. doctor.WeeklyWindows
            // The week of the contract begins on Monday.
            .OrderBy(w => ((int)w.DayOfWeek + 6) % 7).ThenBy(w => w.StartsAt)
            .Select(w => new WeeklyHours(w.DayOfWeek, w.StartsAt, w.EndsAt, w.Modality))],
        [.. doctor.Exceptions.OrderBy(e => e.StartsAt).ThenBy(e => e.Id).Select(Details)]);

    private static ExceptionDetails Details(DatedException exception) =>
        new(exception.Id, exception.StartsAt, exception.EndsAt, exception.Kind, exception.Modality, exception.Reason);
}
