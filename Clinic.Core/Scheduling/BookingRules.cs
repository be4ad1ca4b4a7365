namespace Clinic.Core.Scheduling;

/// <summary>What a doctor asks of every booking.</summary>
/// <param name="SlotMinutes">Visits start at the window's start and every so many minutes after it.</param>
/// <param name="BufferMinutes">Kept free between two visits.</param>
/// <param name="MinNoticeMinutes">A visit is booked at least this long before it starts.</param>
/// <param name="HorizonDays">The last bookable day is this many days after today, in the doctor's zone.</param>
/// <param name="ChangeNoticeMinutes">A patient moves or cancels a visit at least this long before it starts.</param>
public sealed record BookingRules(
    int SlotMinutes, int BufferMinutes, int MinNoticeMinutes, int HorizonDays, int ChangeNoticeMinutes = 0)
{
    public TimeSpan Step => TimeSpan.FromMinutes(SlotMinutes);

    public TimeSpan Buffer => TimeSpan.FromMinutes(BufferMinutes);

    public TimeSpan ChangeNotice => TimeSpan.FromMinutes(ChangeNoticeMinutes);

    public TimeSpan MinNotice => TimeSpan.FromMinutes(MinNoticeMinutes);

    public DateTimeOffset EarliestStart(DateTimeOffset now) => now + MinNotice;

    public DateOnly LastDay(DateTimeOffset now, TimeZoneInfo zone) => zone.DateAt(now).AddDays(HorizonDays);
}
