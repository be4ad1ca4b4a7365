using Clinic.Core.Scheduling;
using static Clinic.Tests.Core.Calendars;

namespace Clinic.Tests.Core;

/// <summary>R10: a time that is not offered is refused, with the reason.</summary>
public sealed class BookingCheckTests
{
    private static readonly DateTimeOffset Now = Utc("2026-03-02T14:05");

    // Mondays to Sundays, 09:00 to 12:00 in Lima, which is 14:00 to 17:00 UTC.
    private static readonly Availability Doctor = Daily(
        "America/Lima", "09:00-12:00", new BookingRules(SlotMinutes: 15, BufferMinutes: 0, MinNoticeMinutes: 60, HorizonDays: 30));

    [Theory]
    [InlineData("2026-03-02T15:30", null)]
    [InlineData("2026-03-02T14:00", BookingRefusal.InThePast)]
    [InlineData("2026-03-02T15:00", BookingRefusal.TooSoon)]
    [InlineData("2026-04-01T14:00", null)]
    [InlineData("2026-04-02T14:00", BookingRefusal.BeyondHorizon)]
    [InlineData("2026-03-03T13:45", BookingRefusal.OutsideAvailability)]
    [InlineData("2026-03-03T16:45", BookingRefusal.OutsideAvailability)]
    [InlineData("2026-03-03T14:07", BookingRefusal.NotOnGrid)]
    [InlineData("2026-03-03T16:30", null)]
    public void R10_a_time_that_is_not_offered_is_refused_with_the_reason(string start, BookingRefusal? expected)
    {
        Assert.Equal(expected, BookingCheck.Refuse(Doctor, TimeSpan.FromMinutes(30), Modality.InPerson, Utc(start), Now));
    }

    [Fact]
    public void R10_a_window_of_another_modality_is_outside_availability()
    {
        var online = Daily("America/Lima", "09:00-12:00", modality: WindowModality.Online);

        Assert.Null(BookingCheck.Refuse(online, TimeSpan.FromMinutes(30), Modality.Online, Utc("2026-03-03T14:00"), Now));
        Assert.Equal(
            BookingRefusal.OutsideAvailability,
            BookingCheck.Refuse(online, TimeSpan.FromMinutes(30), Modality.InPerson, Utc("2026-03-03T14:00"), Now));
    }

    [Fact]
    public void R10_a_closed_time_is_outside_availability()
    {
        var closed = Doctor.With(Closed("2026-03-03T10:00", "2026-03-03T10:30"));

        Assert.Equal(
            BookingRefusal.OutsideAvailability,
            BookingCheck.Refuse(closed, TimeSpan.FromMinutes(30), Modality.InPerson, Utc("2026-03-03T14:45"), Now));
        Assert.Null(BookingCheck.Refuse(closed, TimeSpan.FromMinutes(30), Modality.InPerson, Utc("2026-03-03T14:30"), Now));
    }

    [Fact]
    public void R12_each_of_two_runs_of_a_repeated_hour_can_be_booked()
    {
        var madrid = Daily("Europe/Madrid", "01:00-04:00");

        foreach (var start in new[] { "2026-10-25T00:30", "2026-10-25T01:30" })
        {
            Assert.Null(BookingCheck.Refuse(madrid, TimeSpan.FromMinutes(30), Modality.InPerson, Utc(start), Utc("2026-10-01T00:00")));
        }
    }

    [Fact]
    public void R12_a_closure_in_skipped_time_alone_closes_nothing()
    {
        var madrid = Daily("Europe/Madrid", "01:00-04:00").With(Closed("2026-03-29T02:00", "2026-03-29T03:00"));
        var hour = TimeSpan.FromMinutes(60);

        Assert.Null(BookingCheck.Refuse(madrid, hour, Modality.InPerson, Utc("2026-03-29T00:30"), Utc("2026-03-01T00:00")));
        Assert.Equal("01:00 01:30 03:00", madrid.SlotsOn("2026-03-29", new VisitShape(hour, ModalityRules.All)).Starts(madrid));
    }
}
