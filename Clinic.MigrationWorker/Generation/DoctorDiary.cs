using Clinic.Core.Scheduling;
using Clinic.MigrationWorker.Files;

namespace Clinic.MigrationWorker.Generation;

/// <summary>
/// A doctor's calendar while visits are planned. Free times come from <see cref="SlotCalculator"/>, the very rules that
/// the API books by, with notice and horizon set aside: these visits are taken to have been booked in time.
/// </summary>
internal sealed class DoctorDiary
{
    private readonly Availability _availability;
    private readonly VisitShape _shortest;
    private readonly Dictionary<DateOnly, List<BusyInterval>> _busy = [];

    public DoctorDiary(CatalogDoctor doctor, DateTimeOffset now)
    {
        Doctor = doctor;
        Today = doctor.Zone.DateAt(now);
        _availability = new Availability(
            doctor.Zone,
            doctor.Rules with { MinNoticeMinutes = 0, HorizonDays = 1 },
            doctor.Weekly,
            [.. doctor.Windows.Select(w => Exception(w, Today))]);
        _shortest = new VisitShape(_availability.Rules.Step, [.. doctor.Treatments.SelectMany(t => t.Modalities).Distinct()]);
    }

    public CatalogDoctor Doctor { get; }

    /// <summary>The doctor's local date.</summary>
    public DateOnly Today { get; }

    /// <summary>How long the doctor receives on a local day, within <paramref name="within"/>, visits not yet taken off.</summary>
    public TimeSpan OpenTime(DateOnly day, Interval within) =>
        FreeTimes(day, within, _shortest, busy: []).Count * _availability.Rules.Step;

    /// <summary>Where a visit of that shape still fits on a local day, start and end lying in <paramref name="within"/>.</summary>
    public IReadOnlyList<Slot> FreeTimes(DateOnly day, Interval within, VisitShape visit) =>
        FreeTimes(day, within, visit, BusyAround(day));

    public void Take(DateOnly day, Interval visit)
    {
        if (!_busy.TryGetValue(day, out var busy))
        {
            _busy.Add(day, busy = []);
        }

        busy.Add(new BusyInterval(visit));
    }

    private static ScheduleException Exception(CatalogWindow window, DateOnly today)
    {
        var (start, end) = window.From(today);
        return new ScheduleException(start, end, window.Kind, window.Modality);
    }

    private IReadOnlyList<Slot> FreeTimes(DateOnly day, Interval within, VisitShape visit, IEnumerable<BusyInterval> busy)
    {
        var local = _availability.Zone.DaysBetween(day, day);
        var lastStart = within.End - visit.Duration;
        var starts = new Interval(
            local.Start > within.Start ? local.Start : within.Start,
            local.End <= lastStart ? local.End : lastStart.AddTicks(1));
        return starts.IsEmpty ? [] : SlotCalculator.FreeSlots(_availability, visit, starts, busy, now: starts.Start);
    }

    /// <summary>A night's visit reaches into the next day, and a buffer into both.</summary>
    private IEnumerable<BusyInterval> BusyAround(DateOnly day) =>
        Enumerable.Range(-1, 3).SelectMany(i => _busy.GetValueOrDefault(day.AddDays(i)) ?? []);
}
