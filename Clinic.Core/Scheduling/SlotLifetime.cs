namespace Clinic.Core.Scheduling;

/// <summary>
/// How long a list of free times stays right while nobody changes the calendar: what time alone takes away or gives back.
/// Invariant, tested as a property: computed at any instant before <see cref="Until"/>, the list is the same.
/// </summary>
public static class SlotLifetime
{
    /// <summary>The first instant at which the list may be another one.</summary>
    /// <param name="availability">The doctor's hours and rules.</param>
    /// <param name="slots">The list, by start, as computed at <paramref name="now"/>.</param>
    /// <param name="busy">The visits that it was computed from.</param>
    /// <param name="now">When it was computed.</param>
    public static DateTimeOffset Until(
        Availability availability, IReadOnlyList<Slot> slots, IEnumerable<BusyInterval> busy, DateTimeOffset now)
    {
        // With the doctor's next day the horizon moves on.
        var until = availability.Zone.EndOf(availability.Zone.DateAt(now));
        if (slots is [var first, ..])
        {
            // A time may still be booked at the very instant at which its notice begins.
            until = Earlier(until, (first.Start - availability.Rules.MinNotice).AddTicks(1));
        }

        foreach (var hold in busy)
        {
            if (hold.FreeFrom is { } lapses && now < lapses)
            {
                until = Earlier(until, lapses);
            }
        }

        return until;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
