using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Calendars;

namespace Clinic.Api.Slots;

/// <summary>
/// The earliest free times of several doctors, who are added one after the other. With enough of them in hand only earlier
/// ones matter, so that most doctors need be looked at for no more than their first hours.
/// </summary>
/// <param name="limit">How many are wanted.</param>
internal sealed class EarliestSlots(int limit)
{
    private readonly List<FoundSlot> _found = [];

    /// <summary>The starts of the earliest ones, the latest of them first.</summary>
    private readonly PriorityQueue<DateTimeOffset, long> _starts = new();

    /// <summary>Before which a start must lie to matter, and before <paramref name="end"/>. A tie with the last one matters: names decide it.</summary>
    public DateTimeOffset EndOf(DateTimeOffset end) =>
        _starts.Count == limit && _starts.Peek().AddTicks(1) is var bound && bound < end ? bound : end;

    public void Add(DoctorCalendar calendar, TimeZoneInfo zone, IReadOnlyList<Slot> slots)
    {
        foreach (var slot in slots)
        {
            _found.Add(new FoundSlot(calendar.DoctorId, calendar.FullName, slot.Start.InZone(zone), slot.End.InZone(zone), slot.Modalities[0]));
            _starts.Enqueue(slot.Start, -slot.Start.UtcTicks);
            if (_starts.Count > limit)
            {
                _starts.Dequeue();
            }
        }
    }

    /// <summary>By start, then by the doctors' names.</summary>
    public IReadOnlyList<FoundSlot> ToList() =>
        [.. _found.OrderBy(s => s.Start).ThenBy(s => s.DoctorName, StringComparer.Ordinal).ThenBy(s => s.DoctorId).Take(limit)];
}
