namespace Clinic.Core.Scheduling;

/// <summary>The time that a doctor cannot give: other visits with the buffer around them, and closures. Asked in order of time.</summary>
internal sealed class BlockedTime
{
    // By the modalities that they block. Closures of one modality alone are rare, so that there is one timeline as a rule.
    private readonly Timeline[] _timelines = new Timeline[(int)ModalitySet.Any + 1];

    /// <param name="availability">The doctor's closures and buffer.</param>
    /// <param name="busy">The doctor's visits, in any order.</param>
    /// <param name="range">Holds every visit that will be asked about.</param>
    /// <param name="now">Decides which holds have expired.</param>
    public BlockedTime(Availability availability, IEnumerable<BusyInterval> busy, Interval range, DateTimeOffset now)
    {
        var buffer = availability.Rules.Buffer;
        var near = range.Widen(buffer);
        foreach (var visit in busy)
        {
            if (visit.During.Overlaps(near) && visit.BlocksAt(now))
            {
                _timelines[(int)ModalitySet.Any].Add(visit.During.Widen(buffer));
            }
        }

        foreach (var (closure, during) in availability.ClosuresIn(range))
        {
            _timelines[(int)closure.Modality.ToSet()].Add(during);
        }

        foreach (ref var timeline in _timelines.AsSpan())
        {
            timeline.Merge();
        }
    }

    /// <summary>The modalities in which the visit cannot be. Its start is not before that of the visit asked about last.</summary>
    public ModalitySet For(Interval visit)
    {
        var blocked = ModalitySet.None;
        for (var set = ModalitySet.InPerson; set <= ModalitySet.Any; set++)
        {
            if (_timelines[(int)set].Touches(visit))
            {
                blocked |= set;
            }
        }

        return blocked;
    }

    private struct Timeline
    {
        private List<Interval>? _spans;
        private int _next;

        public void Add(Interval span) => (_spans ??= []).Add(span);

        public readonly void Merge()
        {
            if (_spans is not null)
            {
                Interval.Merge(_spans);
            }
        }

        public bool Touches(Interval visit)
        {
            if (_spans is null)
            {
                return false;
            }

            while (_next < _spans.Count && _spans[_next].End <= visit.Start)
            {
                _next++;
            }

            return _next < _spans.Count && _spans[_next].Overlaps(visit);
        }
    }
}
