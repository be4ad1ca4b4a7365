using System.Globalization;
using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;

namespace Clinic.Web.Wording;

/// <summary>How days, times, zones, money and states read on every page: one way, in English, the same on every machine.</summary>
public static class Say
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary><c>Monday 2 March 2026</c></summary>
    public static string Day(DateOnly date) => date.ToString("dddd d MMMM yyyy", Culture);

    /// <summary><c>Mon 2 March</c></summary>
    public static string ShortDay(DateOnly date) => date.ToString("ddd d MMMM", Culture);

    public static string Weekday(DateOnly date) => date.ToString("dddd", Culture);

    /// <summary><c>Mon</c></summary>
    public static string ShortWeekday(DateOnly date) => date.ToString("ddd", Culture);

    /// <summary><c>Mar</c></summary>
    public static string Month(DateOnly date) => date.ToString("MMM", Culture);

    public static string Date(DateOnly date) => date.ToString("d MMMM", Culture);

    /// <summary><c>2 – 8 March 2026</c>, with the parts that differ said twice.</summary>
    public static string Days(DateOnly from, DateOnly to)
    {
        var start = from.Year != to.Year ? "d MMMM yyyy" : from.Month != to.Month ? "d MMMM" : "%d";
        return $"{from.ToString(start, Culture)} – {to.ToString("d MMMM yyyy", Culture)}";
    }

    /// <summary><c>09:00</c> on the clocks of <paramref name="zone"/>.</summary>
    public static string Time(DateTimeOffset at, TimeZoneInfo zone) => zone.WallTimeAt(at).ToString("HH:mm", Culture);

    /// <summary><c>09:00–09:30</c></summary>
    public static string Times(DateTimeOffset start, DateTimeOffset end, TimeZoneInfo zone) =>
        $"{Time(start, zone)}–{Time(end, zone)}";

    /// <summary><c>Monday 2 March 2026, 09:00, Lima time (UTC−5)</c>: all that tells one instant from any other.</summary>
    public static string Moment(DateTimeOffset at, TimeZoneInfo zone) =>
        $"{Day(zone.DateAt(at))}, {Time(at, zone)}, {Zone(zone, at)}";

    /// <summary><c>Lima time (UTC−5)</c>, with the offset that holds at <paramref name="at"/>.</summary>
    public static string Zone(TimeZoneInfo zone, DateTimeOffset at) => $"{ZoneName(zone)} ({Offset(zone, at)})";

    /// <summary><c>Lima time</c></summary>
    public static string ZoneName(TimeZoneInfo zone) => zone.Id is "UTC" or "Etc/UTC" ? "Universal time" : $"{City(zone)} time";

    /// <summary>The last part of the IANA name: <c>Lima</c> of <c>America/Lima</c>.</summary>
    public static string City(TimeZoneInfo zone) => zone.Id[(zone.Id.LastIndexOf('/') + 1)..].Replace('_', ' ');

    /// <summary><c>UTC−5</c>, <c>UTC+5:30</c></summary>
    public static string Offset(TimeZoneInfo zone, DateTimeOffset at)
    {
        var offset = zone.GetUtcOffset(at);
        var sign = offset < TimeSpan.Zero ? "−" : "+";
        var minutes = offset.Minutes == 0 ? "" : offset.ToString(@"\:mm", Culture);
        return string.Create(Culture, $"UTC{sign}{Math.Abs((int)offset.TotalHours)}{minutes}");
    }

    /// <summary><c>S/ 120.00</c> for soles, the currency's code before the amount for others.</summary>
    public static string Money(decimal amount, string currency) =>
        $"{(currency == "PEN" ? "S/" : currency)} {amount.ToString("#,##0.00", Culture)}";

    /// <summary><c>30 min</c>, <c>1 h 15 min</c></summary>
    public static string Length(int minutes) => (minutes / 60, minutes % 60) switch
    {
        (0, var rest) => $"{rest} min",
        (var hours, 0) => $"{hours} h",
        var (hours, rest) => $"{hours} h {rest} min",
    };

    /// <summary>How long to wait: <c>in a moment</c>, <c>in 30 seconds</c>, <c>in 12 minutes</c>.</summary>
    public static string In(TimeSpan? wait) => wait switch
    {
        null => "in a moment",
        { TotalSeconds: <= 60 } seconds => $"in {Count((long)Math.Max(1, Math.Ceiling(seconds.TotalSeconds)), "second", "seconds")}",
        { } minutes => $"in {Count((long)Math.Ceiling(minutes.TotalMinutes), "minute", "minutes")}",
    };

    public static string How(Modality modality) => modality switch
    {
        Modality.InPerson => "In person",
        Modality.Online => "Online",
        _ => throw new ArgumentOutOfRangeException(nameof(modality), modality, null),
    };

    public static string Status(AppointmentStatus status) => status switch
    {
        AppointmentStatus.Held => "Held for you",
        AppointmentStatus.Scheduled => "Booked",
        AppointmentStatus.CheckedIn => "Checked in",
        AppointmentStatus.Completed => "Completed",
        AppointmentStatus.Cancelled => "Cancelled",
        AppointmentStatus.NoShow => "Missed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static string Action(AppointmentAction action) => action switch
    {
        AppointmentAction.Hold => "Time held",
        AppointmentAction.Book => "Visit booked",
        AppointmentAction.Confirm => "Visit confirmed",
        AppointmentAction.Move => "Visit moved",
        AppointmentAction.Cancel => "Visit cancelled",
        AppointmentAction.CheckIn => "Checked in",
        AppointmentAction.Complete => "Visit completed",
        AppointmentAction.NoShow => "Marked as missed",
        AppointmentAction.UndoNoShow => "No longer marked as missed",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    };

    /// <summary>One of <paramref name="count"/> things: <c>1 doctor</c>, <c>12 doctors</c>.</summary>
    public static string Count(long count, string one, string many) => $"{count.ToString("#,##0", Culture)} {(count == 1 ? one : many)}";

    /// <summary>The initials of a name, its title left out: <c>AT</c> for <c>Dra. Ana Torres</c>.</summary>
    public static string Initials(string fullName) =>
        string.Concat(fullName.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => !w.EndsWith('.')).Take(2).Select(w => char.ToUpperInvariant(w[0])));
}
