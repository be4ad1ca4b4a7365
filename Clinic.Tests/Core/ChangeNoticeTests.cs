using Clinic.Core.Appointments;
using static Clinic.Tests.Core.Calendars;

namespace Clinic.Tests.Core;

public sealed class ChangeNoticeTests
{
    private static readonly DateTimeOffset Start = Utc("2026-03-02T14:00");

    [Theory]
    [InlineData(0, "2026-03-02T13:59", false)]
    [InlineData(0, "2026-03-02T14:00", true)]
    [InlineData(120, "2026-03-02T12:00", false)]
    [InlineData(120, "2026-03-02T12:01", true)]
    [InlineData(120, "2026-03-02T15:00", true)]
    public void A_patient_is_too_late_after_the_doctors_notice_and_from_the_start_on(int minutes, string now, bool expected)
    {
        var rules = Lenient with { ChangeNoticeMinutes = minutes };

        Assert.Equal(expected, ChangeNotice.IsTooLate(AppointmentStatus.Scheduled, Start, rules.ChangeNotice, Utc(now)));
        Assert.False(ChangeNotice.IsTooLate(AppointmentStatus.Held, Start, rules.ChangeNotice, Utc(now)));
        Assert.Equal(Start.AddMinutes(-minutes), ChangeNotice.Until(Start, rules.ChangeNotice));
    }
}
