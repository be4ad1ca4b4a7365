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

    /// <exception cref="ClinicProblem">404 for an unknown doctor, 422 for a treatment that is not theirs.</exception>
    public async Task<DoctorSlots> OfDoctorAsync(Guid doctorId, SlotQuery query, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // Until the doctor's zone is known the days are taken in UTC and widened by more than any offset.
        var guess = Days(query, query.Zone ?? TimeZoneInfo.Utc, now);
        var calendar = await calendars.GetAsync(doctorId, guess.Range.Widen(TimeSpan.FromDays(1)), cancellationToken)
            ?? throw ClinicProblem.NotFound("doctor", doctorId);

        var zone = query.Zone ?? calendar.Availability.Zone;
        var days = Days(query, zone, now);
        var slots = Visit(calendar, query) is { } visit
            ? SlotCalculator.FreeSlots(calendar.Availability, visit, days.Range, calendar.Visits.Select(v => v.Busy), now)
            : [];
        var byDate = slots.ToLookup(s => zone.DateAt(s.Start), s => new SlotView(s.Start.InZone(zone), s.End.InZone(zone), s.Modalities[0], s.Modalities));
        return new DoctorSlots(doctorId, zone.Id, [.. days.Dates.Select(date => new SlotDay(date, [.. byDate[date]]))]);
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
                    .FreeSlots(calendar.Availability, visit, Days(query, zone, now).Range, calendar.Visits.Select(v => v.Busy), now)
                    .Take(Math.Min(limit, limitOfOne))
                    .Select(s => new FoundSlot(calendar.DoctorId, calendar.FullName, s.Start.InZone(zone), s.End.InZone(zone), s.Modalities[0])));
            }
        }

        return [.. found.OrderBy(s => s.Start).ThenBy(s => s.DoctorName, StringComparer.Ordinal).ThenBy(s => s.DoctorId).Take(limit)];
    }

    /// <summary>The visit that a slot is to fit; null when the doctor offers none of the kind.</summary>
    private static VisitShape? Visit(DoctorCalendar calendar, SlotQuery query)
    {
        var offered = calendar.Treatments.Where(t => query.Modality is not { } wanted || t.Modalities.Contains(wanted));
        var treatment = query.TreatmentId is { } id
            ? calendar.Treatments.SingleOrDefault(t => t.Id == id) ?? throw ClinicProblem.Unprocessable(
                ProblemCodes.TreatmentNotOffered, $"{calendar.FullName} has no treatment {id}.")
            : offered.MinBy(t => t.DurationMinutes);
        return treatment is null || (query.Modality is { } modality && !treatment.Modalities.Contains(modality))
            ? null
            : new VisitShape(treatment.Duration, query.Modality is { } only ? [only] : ModalitiesOf(calendar, query, treatment));
    }

    /// <summary>Without a treatment a time is free for whatever the doctor offers of that length or less.</summary>
    private static IReadOnlyList<Modality> ModalitiesOf(DoctorCalendar calendar, SlotQuery query, OfferedTreatment treatment) =>
        query.TreatmentId is not null
            ? treatment.Modalities
            : [.. ModalityRules.All.Where(m => calendar.Treatments.Any(t => t.DurationMinutes == treatment.DurationMinutes && t.Modalities.Contains(m)))];

    private static (Interval Range, IEnumerable<DateOnly> Dates) Days(SlotQuery query, TimeZoneInfo zone, DateTimeOffset now)
    {
        var from = query.From ?? (query.To?.AddDays(1 - DefaultDays) ?? zone.DateAt(now));
        var to = query.To ?? from.AddDays(DefaultDays - 1);
        return (zone.DaysBetween(from, to), Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays));
    }
}
