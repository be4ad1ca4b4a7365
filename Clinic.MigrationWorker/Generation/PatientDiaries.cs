using Clinic.Core.Scheduling;

namespace Clinic.MigrationWorker.Generation;

/// <summary>Who is already somewhere, while visits are planned: of every patient the visits, sorted by start.</summary>
internal sealed class PatientDiaries(int patients, Random random)
{
    private readonly List<Interval>[] _visits = [.. Enumerable.Range(0, patients).Select(_ => new List<Interval>())];

    /// <summary>
    /// Somebody who has nothing else within <paramref name="margin"/> of the visit, and notes the visit for them; null if
    /// everybody has. Looks from a random patient onwards, and as a rule finds the first one free.
    /// </summary>
    public int? Take(Interval visit, TimeSpan margin)
    {
        var first = random.Next(_visits.Length);
        for (var i = 0; i < _visits.Length; i++)
        {
            var patient = (first + i) % _visits.Length;
            if (TryTake(_visits[patient], visit, visit.Widen(margin)))
            {
                return patient;
            }
        }

        return null;
    }

    private static bool TryTake(List<Interval> visits, Interval visit, Interval kept)
    {
        var (low, high) = (0, visits.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (visits[middle].Start < visit.Start)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        // They do not overlap each other, so only the neighbours can be in the way.
        if ((low > 0 && visits[low - 1].Overlaps(kept)) || (low < visits.Count && visits[low].Overlaps(kept)))
        {
            return false;
        }

        visits.Insert(low, visit);
        return true;
    }
}
