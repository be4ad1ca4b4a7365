namespace Clinic.Core.Scheduling;

/// <summary>What a doctor asks of every booking.</summary>
/// <param name="SlotMinutes">Visits start at the window's start and every so many minutes after it.</param>
/// <param name="BufferMinutes">Kept free between two visits.</param>
/// <param name="MinNoticeMinutes">A visit is booked at least this long before it starts.</param>
/// <param name="HorizonDays">The last bookable day is this many days after today, in the doctor's zone.</param>
public sealed record BookingRules(int SlotMinutes, int BufferMinutes, int MinNoticeMinutes, int HorizonDays)
{
    public TimeSpan Step => TimeSpan.FromMinutes(SlotMinutes);

    public TimeSpan Buffer => TimeSpan.FromMinutes(BufferMinutes);

    public DateTimeOffset EarliestStart(DateTimeOffset now) => now + TimeSpan.FromMinutes(MinNoticeMinutes);

    public DateOnly LastDay(DateTimeOffset now, TimeZoneInfo zone) => zone.DateAt(now).AddDays(HorizonDays);
}
