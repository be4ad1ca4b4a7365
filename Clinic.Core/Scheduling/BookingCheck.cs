namespace Clinic.Core.Scheduling;

/// <summary>Why a doctor's rules refuse a time; each has its code in the HTTP contract.</summary>
public enum BookingRefusal
{
    InThePast,
    TooSoon,
    BeyondHorizon,
    OutsideAvailability,
    NotOnGrid,
}

/// <summary>Whether a doctor's rules and hours allow a visit, other visits aside (R10).</summary>
public static class BookingCheck
{
    /// <summary>The first rule that refuses the visit, or null. What is nearest to hand for the patient comes first.</summary>
    public static BookingRefusal? Refuse(
        Availability availability, TimeSpan duration, Modality modality, DateTimeOffset start, DateTimeOffset now)
    {
        var rules = availability.Rules;
        if (start < now)
        {
            return BookingRefusal.InThePast;
        }

        if (start < rules.EarliestStart(now))
        {
            return BookingRefusal.TooSoon;
        }

        if (availability.Zone.DateAt(start) > rules.LastDay(now, availability.Zone))
        {
            return BookingRefusal.BeyondHorizon;
        }

        var visit = new Interval(start, start + duration);
        var openings = availability.OpeningsIn(visit, modality.ToSet());
        if (!availability.IsOpenFor(visit, modality, openings))
        {
            return BookingRefusal.OutsideAvailability;
        }

        return openings.Exists(o => o.HasStartAt(start, rules.Step)) ? null : BookingRefusal.NotOnGrid;
    }
}
