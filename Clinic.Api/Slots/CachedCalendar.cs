using System.Text.Json;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Calendars;

namespace Clinic.Api.Slots;

/// <summary>
/// A calendar as Redis keeps it: one entry for what does not depend on the day, and one for each UTC day. Nothing in it
/// depends on the clock, so an entry that is current by its version is right however old it is.
/// </summary>
internal static class CachedCalendar
{
    public static byte[] Rules(DoctorCalendar calendar) => Bytes(new RulesEntry(
        calendar.FullName,
        calendar.Availability.Zone.Id,
        calendar.Availability.Rules,
        calendar.Availability.Weekly,
        calendar.Treatments));

    public static byte[] Day(DoctorCalendar calendar, DateOnly day)
    {
        var span = UtcDays.Of(day);
        // Exceptions are wall times: one that touches the day in any zone belongs to it.
        var (from, to) = (day.AddDays(-1).ToDateTime(TimeOnly.MinValue), day.AddDays(2).ToDateTime(TimeOnly.MinValue));
        return Bytes(new DayEntry(
            [.. calendar.Availability.Exceptions.Where(e => e.Start < to && e.End > from)],
            [.. calendar.Visits.Where(v => v.Busy.During.Overlaps(span)).Select(VisitEntry.Of)]));
    }

    /// <summary>Puts a calendar together again. An exception or a visit may stand in several days; it counts once.</summary>
    public static DoctorCalendar Assemble(Guid doctorId, byte[] rules, IEnumerable<byte[]> days)
    {
        var (fullName, timeZone, bookingRules, weekly, treatments) = Read<RulesEntry>(rules);
        var entries = days.Select(Read<DayEntry>).ToList();
        return new DoctorCalendar(
            doctorId,
            fullName,
            new Availability(TimeZones.Find(timeZone), bookingRules, weekly, [.. entries.SelectMany(e => e.Exceptions).Distinct()]),
            treatments,
            [.. entries.SelectMany(e => e.Visits).Distinct().Select(v => v.ToVisit())]);
    }

    private static byte[] Bytes<T>(T entry) => JsonSerializer.SerializeToUtf8Bytes(entry, ClinicJson.Options);

    private static T Read<T>(byte[] bytes) => JsonSerializer.Deserialize<T>(bytes, ClinicJson.Options)!;

    private sealed record RulesEntry(
        string FullName,
        string TimeZone,
        BookingRules Rules,
        IReadOnlyList<WeeklyHours> Weekly,
        IReadOnlyList<OfferedTreatment> Treatments);

    private sealed record DayEntry(IReadOnlyList<ScheduleException> Exceptions, IReadOnlyList<VisitEntry> Visits);

    private sealed record VisitEntry(Guid Id, DateTimeOffset Start, DateTimeOffset End, DateTimeOffset? FreeFrom)
    {
        public static VisitEntry Of(CalendarVisit visit) =>
            new(visit.AppointmentId, visit.Busy.During.Start, visit.Busy.During.End, visit.Busy.FreeFrom);

        public CalendarVisit ToVisit() => new(Id, new BusyInterval(new Interval(Start, End), FreeFrom));
    }
}
