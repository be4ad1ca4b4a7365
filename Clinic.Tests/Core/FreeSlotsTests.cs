using Clinic.Core.Scheduling;
using static Clinic.Tests.Core.Calendars;

namespace Clinic.Tests.Core;

/// <summary>R8, R10, R11, R13, R30: which times are free.</summary>
public sealed class FreeSlotsTests
{
    // Lima is at UTC-5 all year: 14:00 UTC is 09:00 there.
    private static readonly Availability Morning = Daily("America/Lima", "09:00-11:00", Lenient with { SlotMinutes = 15 });

    [Fact]
    public void R8_a_visit_from_nine_to_half_past_blocks_a_quarter_past_and_leaves_half_past_free()
    {
        var slots = Morning.SlotsOn("2026-03-02", busy: Busy("2026-03-02T14:00", "2026-03-02T14:30"));

        Assert.Equal("09:30 09:45 10:00 10:15 10:30", slots.Starts(Morning));
    }

    [Fact]
    public void A_visit_must_end_within_the_window()
    {
        var slots = Morning.SlotsOn("2026-03-02", new VisitShape(TimeSpan.FromMinutes(90), ModalityRules.All));

        Assert.Equal("09:00 09:15 09:30", slots.Starts(Morning));
    }

    [Fact]
    public void The_buffer_is_kept_free_before_and_after_a_visit()
    {
        var availability = Morning with { Rules = Morning.Rules with { BufferMinutes = 15 } };

        var slots = availability.SlotsOn("2026-03-02", busy: Busy("2026-03-02T15:00", "2026-03-02T15:15"));

        Assert.Equal("09:00 09:15 10:30", slots.Starts(availability));
    }

    [Fact]
    public void The_grid_starts_at_the_start_of_each_window()
    {
        var availability = new Availability(
            TimeZones.Find("America/Lima"),
            Lenient,
            [
                new WeeklyHours(DayOfWeek.Monday, new TimeOnly(9, 10), new TimeOnly(10, 30), WindowModality.Any),
                new WeeklyHours(DayOfWeek.Monday, new TimeOnly(15, 0), new TimeOnly(16, 0), WindowModality.Any),
            ],
            []);

        Assert.Equal("09:10 09:40 15:00 15:30", availability.SlotsOn("2026-03-02").Starts(availability));
    }

    [Fact]
    public void Windows_that_touch_are_one_stretch_of_time()
    {
        var availability = Daily("America/Lima", "09:00-10:00").With(Open("2026-03-02T10:00", "2026-03-02T11:00"));

        var slots = availability.SlotsOn("2026-03-02", new VisitShape(TimeSpan.FromMinutes(60), ModalityRules.All));

        Assert.Equal("09:00 09:30 10:00", slots.Starts(availability));
    }

    [Fact]
    public void A_closure_takes_time_away_and_wins_over_extra_hours()
    {
        var availability = Daily("America/Lima", "09:00-11:00")
            .With(Closed("2026-03-02T09:15", "2026-03-02T10:00"), Open("2026-03-02T09:00", "2026-03-02T12:00"));

        Assert.Equal("10:00 10:30 11:00 11:30", availability.SlotsOn("2026-03-02").Starts(availability));
    }

    [Fact]
    public void A_closure_of_one_modality_leaves_the_other_free()
    {
        var availability = Daily("America/Lima", "09:00-10:00").With(Closed("2026-03-02T09:00", "2026-03-02T09:30", WindowModality.InPerson));

        var slots = availability.SlotsOn("2026-03-02");

        Assert.Equal([[Modality.Online], [Modality.InPerson, Modality.Online]], slots.Select(s => s.Modalities));
    }

    [Fact]
    public void A_slot_names_each_modality_for_which_the_time_is_free_and_each_start_once()
    {
        var availability = Daily("America/Lima", "09:00-10:00", modality: WindowModality.InPerson)
            .With(Open("2026-03-02T09:30", "2026-03-02T10:30", WindowModality.Online));

        var slots = availability.SlotsOn("2026-03-02");

        Assert.Equal("09:00 09:30 10:00", slots.Starts(availability));
        Assert.Equal([[Modality.InPerson], [Modality.InPerson, Modality.Online], [Modality.Online]], slots.Select(s => s.Modalities));
    }

    [Fact]
    public void Two_windows_of_different_modality_do_not_add_up_for_one_visit()
    {
        var availability = Daily("America/Lima", "09:00-10:00", modality: WindowModality.InPerson)
            .With(Open("2026-03-02T10:00", "2026-03-02T11:00", WindowModality.Online));

        var slots = availability.SlotsOn("2026-03-02", new VisitShape(TimeSpan.FromMinutes(60), ModalityRules.All));

        Assert.Equal("09:00 10:00", slots.Starts(availability));
    }

    [Fact]
    public void Past_times_and_times_within_the_minimum_notice_are_not_offered()
    {
        var availability = Morning with { Rules = Morning.Rules with { MinNoticeMinutes = 60 } };

        var slots = availability.SlotsOn("2026-03-02", now: Utc("2026-03-02T14:20"));

        Assert.Equal("10:30", slots.Starts(availability));
    }

    [Fact]
    public void The_horizon_counts_days_of_the_doctors_zone_from_today()
    {
        var availability = Morning with { Rules = Morning.Rules with { HorizonDays = 1 } };
        // Still 1 March in Lima, though 2 March in UTC.
        var now = Utc("2026-03-02T03:00");

        Assert.NotEmpty(availability.SlotsOn("2026-03-02", now: now));
        Assert.Empty(availability.SlotsOn("2026-03-03", now: now));
    }

    [Fact]
    public void R11_an_expired_hold_is_free_at_once()
    {
        var hold = new BusyInterval(new Interval(Utc("2026-03-02T14:00"), Utc("2026-03-02T16:00")), FreeFrom: Utc("2026-03-01T12:05"));

        Assert.Empty(Morning.SlotsOn("2026-03-02", now: Utc("2026-03-01T12:04:59"), busy: hold));
        Assert.NotEmpty(Morning.SlotsOn("2026-03-02", now: Utc("2026-03-01T12:05"), busy: hold));
    }

    [Fact]
    public void R30_a_shift_over_midnight_lists_each_slot_on_its_own_local_day()
    {
        var night = Daily("America/Lima", "22:00-01:00");

        Assert.Equal("00:00 00:30 22:00 22:30 23:00 23:30", night.SlotsOn("2026-03-02").Starts(night));
    }

    [Fact]
    public void R30_the_last_visit_of_a_range_may_run_on_into_the_next_days_window()
    {
        var availability = new Availability(
            TimeZones.Find("America/Lima"),
            Lenient,
            [
                new WeeklyHours(DayOfWeek.Monday, new TimeOnly(22, 0), new TimeOnly(0, 0)),
                new WeeklyHours(DayOfWeek.Tuesday, new TimeOnly(0, 0), new TimeOnly(1, 0)),
            ],
            []);

        // A viewer's day that ends at 23:30 on the doctor's Monday.
        var range = new Interval(Utc("2026-03-02T05:00"), Utc("2026-03-03T04:30"));
        var slots = SlotCalculator.FreeSlots(availability, new VisitShape(TimeSpan.FromMinutes(90), ModalityRules.All), range, [], LongAgo);

        Assert.Equal("22:00 22:30 23:00", slots.Starts(availability));
    }

    [Fact]
    public void R30_a_visit_across_midnight_blocks_both_days()
    {
        var night = Daily("America/Lima", "22:00-02:00");
        // 23:45 to 00:15 in Lima.
        var visit = Busy("2026-03-03T04:45", "2026-03-03T05:15");

        Assert.Equal("00:00 00:30 01:00 01:30 22:00 22:30 23:00", night.SlotsOn("2026-03-02", busy: visit).Starts(night));
        Assert.Equal("00:30 01:00 01:30 22:00 22:30 23:00 23:30", night.SlotsOn("2026-03-03", busy: visit).Starts(night));
    }

    [Fact]
    public void R30_slots_at_the_boundary_of_the_utc_day_belong_to_the_local_day()
    {
        // 18:00 to 21:00 in Lima is 23:00 to 02:00 UTC.
        var evening = Daily("America/Lima", "18:00-21:00");

        var slots = evening.SlotsOn("2026-03-02");

        Assert.Equal("18:00 18:30 19:00 19:30 20:00 20:30", slots.Starts(evening));
        Assert.All(slots, s => Assert.Equal(new DateOnly(2026, 3, 2), evening.Zone.DateAt(s.Start)));
    }

    [Fact]
    public void A_window_from_midnight_to_midnight_is_the_whole_day()
    {
        Assert.Equal(48, Daily("America/Lima", "00:00-00:00").SlotsOn("2026-03-02").Count);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(3, "10:30 09:00 09:30")]
    [InlineData(100, "10:30 09:00 09:30 10:00 10:30")]
    public void A_limit_leaves_the_first_slots_of_the_range(int limit, string expected)
    {
        var availability = Daily("America/Lima", "09:00-11:00");
        // From 10:15 on one Monday to the end of the next day.
        var range = new Interval(Utc("2026-03-02T15:15"), Utc("2026-03-04T05:00"));

        Assert.Equal(expected, SlotCalculator.FreeSlots(availability, HalfHour, range, [], LongAgo, limit).Starts(availability));
    }
}
