using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Web.Api;
using Clinic.Web.Zones;

namespace Clinic.Web.Booking;

/// <summary>A doctor's free times of one week, grouped by the days of the zone in which they are shown.</summary>
/// <param name="Week">The days shown, and those before and after.</param>
/// <param name="Days">Every day of the week with its free times.</param>
/// <param name="NextFreeDay">Where the whole week is empty: the first day after it that is not, if any.</param>
/// <param name="Zone">The viewer's zone or, as long as it is unknown, the doctor's.</param>
/// <param name="DoctorZone">The zone in which the doctor works.</param>
public sealed record FreeWeek(
    Week Week, IReadOnlyList<SlotDay> Days, DateOnly? NextFreeDay, TimeZoneInfo Zone, TimeZoneInfo DoctorZone);

/// <summary>The visit that a free time is sought for.</summary>
public sealed record Wish(DoctorDetails Doctor, Guid TreatmentId, Modality Modality)
{
    public TimeZoneInfo DoctorZone => TimeZones.Find(Doctor.TimeZone);

    /// <summary>How many days ahead the doctor takes bookings at most.</summary>
    public int HorizonDays => Doctor.HorizonDays;
}

/// <summary>Finds the free times that pages offer.</summary>
public sealed class FreeTimes(ClinicApi api, ViewerZone viewer, TimeProvider clock)
{
    /// <summary>The most days that the API lists at once.</summary>
    private const int DaysAtOnce = 31;

    /// <summary>Up to three months are looked through for the next free day.</summary>
    private const int LooksAhead = 3;

    private const int NearbyTimes = 6;

    /// <param name="wish">What is to be booked.</param>
    /// <param name="asked">First day wished for, in the viewer's zone; null for the week of <paramref name="chosen"/> or else of today.</param>
    /// <param name="chosen">A time that has been chosen already.</param>
    /// <param name="cancel">Stops the search.</param>
    public async Task<Answer<FreeWeek>> Week(Wish wish, DateOnly? asked, DateTimeOffset? chosen, CancellationToken cancel)
    {
        var zone = viewer.Or(wish.DoctorZone);
        var today = zone.DateAt(clock.GetUtcNow());
        var lastDay = today.AddDays(wish.HorizonDays);

        var week = Booking.Week.Choose(asked ?? (chosen is { } instant ? zone.DateAt(instant) : null), today, lastDay);
        var free = await Find(wish, week.From, week.To, zone, cancel);
        if (!free.Ok)
        {
            return free.Problem;
        }

        var next = free.Value.Days.Any(HasTimes) ? null : await NextFreeDay(wish, week.To.AddDays(1), lastDay, zone, cancel);
        return new FreeWeek(week, free.Value.Days, next, zone, wish.DoctorZone);
    }

    /// <summary>The free times closest to one that cannot be had, by time; none where they cannot be found out.</summary>
    public async Task<IReadOnlyList<SlotView>> Nearby(Wish wish, DateTimeOffset wanted, CancellationToken cancel)
    {
        var zone = viewer.Or(wish.DoctorZone);
        var today = zone.DateAt(clock.GetUtcNow());
        var around = Earlier(Later(zone.DateAt(wanted), today), today.AddDays(wish.HorizonDays));
        var free = await Find(wish, Later(around.AddDays(-5), today), around.AddDays(10), zone, cancel);
        return !free.Ok
            ? []
            : [.. free.Value.Days.SelectMany(d => d.Slots)
                .Where(s => s.Start != wanted)
                .OrderBy(s => (s.Start - wanted).Duration())
                .Take(NearbyTimes)
                .OrderBy(s => s.Start)];
    }

    private async Task<DateOnly?> NextFreeDay(Wish wish, DateOnly from, DateOnly lastDay, TimeZoneInfo zone, CancellationToken cancel)
    {
        for (var looks = 0; looks < LooksAhead && from <= lastDay; looks++, from = from.AddDays(DaysAtOnce))
        {
            var free = await Find(wish, from, from.AddDays(DaysAtOnce - 1), zone, cancel);
            if (!free.Ok)
            {
                return null;
            }

            if (free.Value.Days.FirstOrDefault(HasTimes) is { } day)
            {
                return day.Date;
            }
        }

        return null;
    }

    private Task<Answer<DoctorSlots>> Find(Wish wish, DateOnly from, DateOnly to, TimeZoneInfo zone, CancellationToken cancel) =>
        api.FreeTimes(wish.Doctor.Id, wish.TreatmentId, wish.Modality, from, to, zone, cancel);

    private static bool HasTimes(SlotDay day) => day.Slots.Count > 0;

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;
}
