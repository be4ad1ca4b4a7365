namespace Clinic.Core.Scheduling;

/// <summary>
/// A window on one date or, where clocks change within it, the part of it before or after. Its starts are evenly spaced
/// instants: a skipped wall time falls between two parts, a repeated one lies in both (R12).
/// </summary>
/// <param name="During">The instants that belong to it, at least one.</param>
/// <param name="Anchor">The start of the window's grid; before <paramref name="During"/> where that is cut off.</param>
/// <param name="Modalities">What it is open for.</param>
internal readonly record struct Opening(Interval During, DateTimeOffset Anchor, ModalitySet Modalities)
{
    /// <summary>Whether a visit may start at this instant.</summary>
    public bool HasStartAt(DateTimeOffset start, TimeSpan step) =>
        During.Contains(start) && (start - Anchor).Ticks % step.Ticks == 0;

    /// <summary>The first start that is not before <paramref name="instant"/>; it may lie past the end.</summary>
    public DateTimeOffset FirstStartFrom(DateTimeOffset instant, TimeSpan step)
    {
        var from = instant > During.Start ? instant : During.Start;
        var steps = ((from - Anchor).Ticks + step.Ticks - 1) / step.Ticks;
        return Anchor.AddTicks(steps * step.Ticks);
    }

    /// <summary>Whether openings, by start, together hold the whole visit. Those that touch are one stretch of time.</summary>
    public static bool Cover(ReadOnlySpan<Opening> openings, Interval visit, ModalitySet modality)
    {
        var coveredTo = visit.Start;
        foreach (ref readonly var opening in openings)
        {
            if (opening.During.Start > coveredTo)
            {
                return false;
            }

            if (opening.During.End > coveredTo && opening.Modalities.Shares(modality))
            {
                coveredTo = opening.During.End;
                if (coveredTo >= visit.End)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
