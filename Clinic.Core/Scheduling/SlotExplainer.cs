using System.Runtime.InteropServices;

namespace Clinic.Core.Scheduling;

/// <summary>One thing that takes a time away.</summary>
public abstract record TimeRefusal
{
    private TimeRefusal()
    {
    }

    /// <summary>A rule of the doctor, or hours that do not hold the visit.</summary>
    public sealed record ByRule(BookingRefusal Rule) : TimeRefusal;

    /// <summary>The start lies within the hours, but the visit would run past their end.</summary>
    public sealed record ByClosingTime : TimeRefusal;

    /// <summary>A closure that the visit would touch.</summary>
    public sealed record ByClosure(ScheduleException Closure) : TimeRefusal;

    /// <summary>Another visit; with <paramref name="InBuffer"/> only the time that is kept free around it.</summary>
    public sealed record ByVisit(BusyInterval Visit, bool InBuffer) : TimeRefusal;
}

/// <summary>
/// Why a time is not offered: everything that takes it away, where <see cref="BookingCheck"/> stops at the first.
/// Invariant, tested as a property: nothing does exactly when <see cref="SlotCalculator"/> offers the time.
/// </summary>
public static class SlotExplainer
{
    /// <summary>All that stands in the way of a visit in one modality, by what is nearest to hand; none means that it is offered.</summary>
    /// <param name="availability">The doctor's hours, exceptions and rules.</param>
    /// <param name="visit">The wanted time.</param>
    /// <param name="modality">The wanted modality.</param>
    /// <param name="busy">Every visit within a day of it; more does no harm.</param>
    /// <param name="now">The current instant.</param>
    public static IReadOnlyList<TimeRefusal> Explain(
        Availability availability, Interval visit, Modality modality, IEnumerable<BusyInterval> busy, DateTimeOffset now) =>
        [
            .. ByClock(availability, visit.Start, now).Select(r => new TimeRefusal.ByRule(r)),
            .. ByHours(availability, visit, modality),
            .. availability.ClosedBy(visit, modality).Select(c => new TimeRefusal.ByClosure(c)),
            .. busy.Where(b => b.BlocksAt(now) && b.During.Widen(availability.Rules.Buffer).Overlaps(visit))
                .OrderBy(b => b.During.Start)
                .Select(b => new TimeRefusal.ByVisit(b, InBuffer: !b.During.Overlaps(visit))),
        ];

    private static IEnumerable<BookingRefusal> ByClock(Availability availability, DateTimeOffset start, DateTimeOffset now)
    {
        var rules = availability.Rules;
        if (start < now)
        {
            yield return BookingRefusal.InThePast;
        }
        else if (start < rules.EarliestStart(now))
        {
            yield return BookingRefusal.TooSoon;
        }

        if (availability.Zone.DateAt(start) > rules.LastDay(now, availability.Zone))
        {
            yield return BookingRefusal.BeyondHorizon;
        }
    }

    /// <summary>Outside of the windows there is no grid to be off.</summary>
    private static IEnumerable<TimeRefusal> ByHours(Availability availability, Interval visit, Modality modality)
    {
        var openings = availability.OpeningsIn(visit, modality.ToSet());
        if (!openings.Exists(o => o.During.Contains(visit.Start)))
        {
            yield return new TimeRefusal.ByRule(BookingRefusal.OutsideAvailability);
            yield break;
        }

        if (!Opening.Cover(CollectionsMarshal.AsSpan(openings), visit, modality.ToSet()))
        {
            yield return new TimeRefusal.ByClosingTime();
        }

        if (!openings.Exists(o => o.HasStartAt(visit.Start, availability.Rules.Step)))
        {
            yield return new TimeRefusal.ByRule(BookingRefusal.NotOnGrid);
        }
    }
}
