using Clinic.Api.Doctors;
using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Calendars;

namespace Clinic.Api.Slots;

/// <summary>Free times: loads calendars and lets <see cref="SlotCalculator"/> compute.</summary>
internal sealed class SlotFinder(CalendarSource calendars, DoctorSearch doctors, TimeProvider clock)
{
    private const int DefaultDays = 7;

    /// <summary>
    /// How far the earliest times are looked for at first: among many doctors they are found there as a rule, and the visits of
    /// the days after, which are most of what a search would read, need not be read.
    /// </summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromDays(2);

    /// <summary>By this much more than asked for are visits read: for zones, buffers, and visits that run on.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    /// <returns>The free times at <paramref name="now"/>.</returns>
    /// <exception cref="ClinicProblem">404 for an unknown doctor, 422 for a treatment that is not theirs.</exception>
    public async Task<FreeTimes> OfDoctorAsync(
        Guid doctorId, SlotQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Until the doctor's zone is known the days are taken in UTC and widened by more than any offset.
        var guess = Days(query, query.Zone ?? TimeZoneInfo.Utc, now);
        var calendar = await calendars.OfDoctorAsync(doctorId, guess.Range.Widen(Margin), cancellationToken)
            ?? throw ClinicProblem.NotFound("doctor", doctorId);

        var zone = query.Zone ?? calendar.Availability.Zone;
        var days = Days(query, zone, now);
        var slots = Visit(calendar, query) is { } visit
            ? SlotCalculator.FreeSlots(calendar.Availability, visit, days.Range, calendar.Busy, now)
            : [];
        var until = SlotLifetime.Until(calendar.Availability, slots, calendar.Busy, now);
        // Without a date the days begin with the viewer's today.
        var tomorrow = zone.DaysBetween(zone.DateAt(now), zone.DateAt(now)).End;
        return new FreeTimes(doctorId, zone, days.Dates, slots, until < tomorrow ? until : tomorrow);
    }

    /// <summary>
    /// The number of SQL commands depends neither on the doctors nor on the days (R2): one for the doctors that match, one for
    /// the calendars of the first days, and one for those of all days where the first ones have too few times.
    /// </summary>
    public async Task<IReadOnlyList<FoundSlot>> EarliestAsync(
        DoctorQuery doctorQuery, SlotQuery query, int limit, int limitOfOne, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ids = await doctors.MatchingIdsAsync(doctorQuery, cancellationToken);
        if (ids is [])
        {
            return [];
        }

        var range = Days(query, query.Zone ?? TimeZoneInfo.Utc, now).Range.Widen(Margin);
        var firstLook = (range.Start > now ? range.Start : now) + Margin + FirstLook;
        if (firstLook < range.End && await EarliestBeforeAsync(firstLook) is var soon && soon.Count == limit)
        {
            return soon;
        }

        return await EarliestBeforeAsync(range.End);

        async Task<IReadOnlyList<FoundSlot>> EarliestBeforeAsync(DateTimeOffset end)
        {
            var earliest = new EarliestSlots(limit);
            foreach (var calendar in await calendars.OfDoctorsAsync(ids, range with { End = end + Margin }, cancellationToken))
            {
                if (Visit(calendar, query) is { } visit)
                {
                    var zone = query.Zone ?? calendar.Availability.Zone;
                    var days = Days(query, zone, now).Range.Intersect(new Interval(range.Start, earliest.EndOf(end)));
                    earliest.Add(calendar, zone, SlotCalculator.FreeSlots(
                        calendar.Availability, visit, days, calendar.Busy, now, Math.Min(limit, limitOfOne)));
                }
            }

            return earliest.ToList();
        }
    }

    /// <summary>The visit that a slot is to fit; null when the doctor offers none of the kind.</summary>
    private static VisitShape? Visit(DoctorCalendar calendar, SlotQuery query) =>
        query.TreatmentId is not { } id || calendar.Treatments.Any(t => t.Id == id)
            ? WantedVisit.Of(calendar, query.TreatmentId, query.Modality)
            : throw ClinicProblem.Unprocessable(
                ProblemCodes.TreatmentNotOffered, $"{calendar.FullName} has no treatment {id}.");

    private static (Interval Range, Dates Dates) Days(SlotQuery query, TimeZoneInfo zone, DateTimeOffset now)
    {
        var from = query.From ?? (query.To?.AddDays(1 - DefaultDays) ?? zone.DateAt(now));
        var to = query.To ?? from.AddDays(DefaultDays - 1);
        return (zone.DaysBetween(from, to), new Dates(from, to));
    }
}
