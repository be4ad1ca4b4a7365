using Clinic.Core.Scheduling;

namespace Clinic.Tests.Core;

/// <summary>Short ways to write a doctor's availability in a test.</summary>
internal static class Calendars
{
    public static readonly DateTimeOffset LongAgo = Utc("2000-01-01T00:00");

    /// <summary>No notice, no buffer, and a horizon that is never in the way.</summary>
    public static readonly BookingRules Lenient = new(SlotMinutes: 30, BufferMinutes: 0, MinNoticeMinutes: 0, HorizonDays: 100_000);

    public static readonly VisitShape HalfHour = new(TimeSpan.FromMinutes(30), ModalityRules.All);

    /// <summary>Open at the same wall times on every day of the week, as <c>"09:00-17:00"</c>.</summary>
    public static Availability Daily(string zone, string hours, BookingRules? rules = null, WindowModality modality = WindowModality.Any)
    {
        var (start, end) = (TimeOnly.Parse(hours.Split('-')[0]), TimeOnly.Parse(hours.Split('-')[1]));
        return new Availability(
            TimeZones.Find(zone),
            rules ?? Lenient,
            [.. Enum.GetValues<DayOfWeek>().Select(day => new WeeklyHours(day, start, end, modality))],
            []);
    }

    public static Availability With(this Availability availability, params ScheduleException[] exceptions) =>
        availability with { Exceptions = exceptions };

    public static ScheduleException Closed(string start, string end, WindowModality modality = WindowModality.Any) =>
        new(DateTime.Parse(start), DateTime.Parse(end), ExceptionKind.Closed, modality);

    public static ScheduleException Open(string start, string end, WindowModality modality = WindowModality.Any) =>
        new(DateTime.Parse(start), DateTime.Parse(end), ExceptionKind.Open, modality);

    public static IReadOnlyList<Slot> SlotsOn(
        this Availability availability, string date, VisitShape? visit = null, DateTimeOffset? now = null, params BusyInterval[] busy) =>
        SlotCalculator.FreeSlots(
            availability,
            visit ?? HalfHour,
            availability.Zone.DaysBetween(DateOnly.Parse(date), DateOnly.Parse(date)),
            busy,
            now ?? LongAgo);

    /// <summary>Starts as wall times of the doctor's zone, as <c>"09:00 09:30"</c>.</summary>
    public static string Starts(this IEnumerable<Slot> slots, Availability availability) =>
        string.Join(' ', slots.Select(s => s.Start.InZone(availability.Zone).ToString("HH:mm")));

    public static BusyInterval Busy(string start, string end) => new(new Interval(Utc(start), Utc(end)));

    public static DateTimeOffset Utc(string text) => new(DateTime.Parse(text), TimeSpan.Zero);
}
