namespace Clinic.Web.Booking;

/// <summary>Seven days of free times, from today on up to the last day that the doctor takes bookings for.</summary>
/// <param name="From">First day.</param>
/// <param name="Previous">First day of the week before; null at today.</param>
/// <param name="Next">First day of the week after; null at the last bookable day.</param>
public sealed record Week(DateOnly From, DateOnly? Previous, DateOnly? Next)
{
    private const int Days = 7;

    public DateOnly To => From.AddDays(Days - 1);

    /// <summary>The week that begins with the day asked for, moved into what can be booked; without a usable wish, today's.</summary>
    public static Week Choose(DateOnly? asked, DateOnly today, DateOnly lastDay)
    {
        var from = asked is not { } day || day < today ? today : day > lastDay ? lastDay : day;
        return new Week(
            from,
            from > today ? Later(today, from.AddDays(-Days)) : null,
            from.AddDays(Days) <= lastDay ? from.AddDays(Days) : null);
    }

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;
}
