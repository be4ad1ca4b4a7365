using Clinic.Api.Slots;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Calendars;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Api;

/// <summary>Calendars that are asked for at the same time are loaded by one command. The database here lets nobody in until the test says so.</summary>
public sealed class CalendarSourceTests(ClinicApp app)
{
    private static readonly Interval Week = new(FixedClock.Start, FixedClock.Start.AddDays(7));

    [Fact]
    public async Task A_calendar_that_cannot_be_read_fails_for_who_asked_for_it_and_for_nobody_else()
    {
        // Of its own: a search over all doctors would fail for other tests.
        var database = await app.CreateMigratedDatabaseAsync();
        await using var db = app.OpenDatabase(database);
        var (good, _) = await db.AddDoctorAsync();
        var (mistyped, _) = await db.AddDoctorAsync();
        await db.Doctors.Where(d => d.Id == mistyped).ExecuteUpdateAsync(d => d.SetProperty(x => x.TimeZone, "America/Limaa"));
        var door = new Door(() => app.OpenDatabase(database));
        var calendars = new CalendarSource(door, new CalendarReader(new DoctorSetups()));

        // As many as may be under way wait at the door, so that those who ask now are put together.
        var ahead = new List<Task>();
        while (ahead.Count < Environment.ProcessorCount)
        {
            ahead.Add(AskAsync(good));
            await door.SomebodyCameAsync();
        }

        var (ofGood, ofMistyped, ofNobody) = (AskAsync(good), AskAsync(mistyped), AskAsync(Guid.NewGuid()));
        door.Open();

        Assert.Equal(good, (await ofGood)?.DoctorId);
        await Assert.ThrowsAnyAsync<Exception>(() => ofMistyped);
        Assert.Null(await ofNobody);
        await Task.WhenAll(ahead);

        Task<DoctorCalendar?> AskAsync(Guid doctorId) => calendars.OfDoctorAsync(doctorId, Week, CancellationToken.None);
    }

    private sealed class Door(Func<ClinicDbContext> open) : IDbContextFactory<ClinicDbContext>
    {
        private readonly SemaphoreSlim _came = new(0);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _open.SetResult();

        public async Task SomebodyCameAsync() => Assert.True(await _came.WaitAsync(TimeSpan.FromSeconds(30)), "Nobody came.");

        public ClinicDbContext CreateDbContext() => open();

        public async Task<ClinicDbContext> CreateDbContextAsync(CancellationToken cancellationToken = default)
        {
            _came.Release();
            await _open.Task.WaitAsync(cancellationToken);
            return open();
        }
    }
}
