using Clinic.Api.Doctors;
using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Calendars;

namespace Clinic.Api.Slots;

/// <summary>Free times: loads calendars, lets <see cref="SlotCalculator"/> compute, groups by the viewer's days.</summary>
internal sealed class SlotFinder(CalendarSource calendars, DoctorSearch doctors, TimeProvider clock)
{
    private const int DefaultDays = 7;

    /// <returns>The free times at <paramref name="now"/>, and the first instant at which they may be others.</returns>
    /// <exception cref="ClinicProblem">404 for an unknown doctor, 422 for a treatment that is not theirs.</exception>
    public async Task<(DoctorSlots Slots, DateTimeOffset Until)> OfDoctorAsync(
        Guid doctorId, SlotQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Until the doctor's zone is known the days are taken in UTC and widened by more than any offset.
        var guess = Days(query, query.Zone ?? TimeZoneInfo.Utc, now);
        var loaded = await calendars.LoadAsync([doctorId], guess.Range.Widen(TimeSpan.FromDays(1)), cancellationToken);
        var calendar = loaded.GetValueOrDefault(doctorId) ?? throw ClinicProblem.NotFound("doctor", doctorId);

        var zone = query.Zone ?? calendar.Availability.Zone;
        var days = Days(query, zone, now);
        var slots = Visit(calendar, query) is { } visit
            ? SlotCalculator.FreeSlots(calendar.Availability, visit, days.Range, calendar.Busy, now)
            : [];
        var until = SlotLifetime.Until(calendar.Availability, slots, calendar.Busy, now);
        // Without a date the days begin with the viewer's today.
        var tomorrow = zone.DaysBetween(zone.DateAt(now), zone.DateAt(now)).End;
        return (
            new DoctorSlots(doctorId, zone.Id, ByDate(slots, days.Dates, zone)),
            until < tomorrow ? until : tomorrow);
    }

    /// <summary>Every date with the slots that start on it in the viewer's zone; the slots come by start.</summary>
    private static List<SlotDay> ByDate(IReadOnlyList<Slot> slots, IEnumerable<DateOnly> dates, TimeZoneInfo zone)
    {
        var (days, next) = (new List<SlotDay>(), 0);
        foreach (var date in dates)
        {
            var views = new List<SlotView>();
            for (; next < slots.Count; next++)
            {
                var (slot, start) = (slots[next], slots[next].Start.InZone(zone));
                if (DateOnly.FromDateTime(start.DateTime) > date)
                {
                    break;
                }

                views.Add(new SlotView(start, slot.End.InZone(zone), slot.Modalities[0], slot.Modalities));
            }

            days.Add(new SlotDay(date, views));
        }

        return days;
    }

    /// <summary>A constant number of SQL commands, however many doctors and days there are (R2).</summary>
    public async Task<IReadOnlyList<FoundSlot>> EarliestAsync(
        DoctorQuery doctorQuery, SlotQuery query, int limit, int limitOfOne, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var guess = Days(query, query.Zone ?? TimeZoneInfo.Utc, now);
        var ids = await doctors.MatchingIdsAsync(doctorQuery, cancellationToken);
        var loaded = await calendars.LoadAsync(ids, guess.Range.Widen(TimeSpan.FromDays(1)), cancellationToken);

        var found = new List<FoundSlot>();
        foreach (var calendar in loaded.Values)
        {
            if (Visit(calendar, query) is { } visit)
            {
                var zone = query.Zone ?? calendar.Availability.Zone;
                found.AddRange(SlotCalculator
                    .FreeSlots(calendar.Availability, visit, Days(query, zone, now).Range, calendar.Busy, now, Math.Min(limit, limitOfOne))
                    .Select(s => new FoundSlot(calendar.DoctorId, calendar.FullName, s.Start.InZone(zone), s.End.InZone(zone), s.Modalities[0])));
            }
        }

        return [.. found.OrderBy(s => s.Start).ThenBy(s => s.DoctorName, StringComparer.Ordinal).ThenBy(s => s.DoctorId).Take(limit)];
    }

    /// <summary>The visit that a slot is to fit; null when the doctor offers none of the kind.</summary>
    private static VisitShape? Visit(DoctorCalendar calendar, SlotQuery query) =>
        query.TreatmentId is not { } id || calendar.Treatments.Any(t => t.Id == id)
            ? WantedVisit.Of(calendar, query.TreatmentId, query.Modality)
            : throw ClinicProblem.Unprocessable(
                ProblemCodes.TreatmentNotOffered, $"{calendar.FullName} has no treatment {id}.");

    private static (Interval Range, IEnumerable<DateOnly> Dates) Days(SlotQuery query, TimeZoneInfo zone, DateTimeOffset now)
    {
        var from = query.From ?? (query.To?.AddDays(1 - DefaultDays) ?? zone.DateAt(now));
        var to = query.To ?? from.AddDays(DefaultDays - 1);
        return (zone.DaysBetween(from, to), Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays));
    }
}
