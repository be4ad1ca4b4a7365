using System.Runtime.InteropServices;

namespace Clinic.Core.Scheduling;

/// <summary>
/// The grids of several openings as one sequence in order of time, each start once. It computes a start when asked for it,
/// so that who needs only the first few pays only for those.
/// </summary>
internal struct StartSweep
{
    private readonly List<Opening> _openings;
    private readonly TimeSpan _step;

    // The next start of each opening; past its end when there are no more.
    private readonly DateTimeOffset[] _next;

    // The first opening that is not over.
    private int _first;

    /// <param name="openings">By start.</param>
    /// <param name="from">Earlier starts are left out.</param>
    /// <param name="step">From one start of an opening to the next.</param>
    public StartSweep(List<Opening> openings, DateTimeOffset from, TimeSpan step)
    {
        (_openings, _step) = (openings, step);
        _next = new DateTimeOffset[openings.Count];
        for (var i = 0; i < _next.Length; i++)
        {
            _next[i] = openings[i].FirstStartFrom(from, step);
        }
    }

    /// <summary>The openings that still run at the last start, and all later ones.</summary>
    public readonly ReadOnlySpan<Opening> Openings => CollectionsMarshal.AsSpan(_openings)[_first..];

    /// <summary>Goes on to the next start, with the modalities of all openings that have it.</summary>
    public bool TryNext(out DateTimeOffset start, out ModalitySet modalities)
    {
        var openings = CollectionsMarshal.AsSpan(_openings);
        (start, modalities) = (DateTimeOffset.MaxValue, ModalitySet.None);
        // Openings are by start: one that begins after the earliest start so far cannot have an earlier one.
        for (var i = _first; i < openings.Length && openings[i].During.Start <= start; i++)
        {
            if (_next[i] > start || _next[i] >= openings[i].During.End)
            {
                continue;
            }

            modalities = openings[i].Modalities | (_next[i] == start ? modalities : ModalitySet.None);
            start = _next[i];
        }

        for (var i = _first; i < openings.Length && openings[i].During.Start <= start; i++)
        {
            if (_next[i] == start)
            {
                _next[i] += _step;
            }
        }

        while (_first < openings.Length && openings[_first].During.End <= start)
        {
            _first++;
        }

        return modalities != ModalitySet.None;
    }
}
