using Clinic.Core.Appointments;

namespace Clinic.Tests.Core;

public sealed class LifecycleTests
{
    [Theory]
    [InlineData(AppointmentStatus.Completed)]
    [InlineData(AppointmentStatus.Cancelled)]
    [InlineData(AppointmentStatus.NoShow)]
    public void R17_a_visit_in_a_final_state_can_neither_be_moved_nor_cancelled(AppointmentStatus status)
    {
        Assert.Null(Lifecycle.After(status, AppointmentAction.Move));
        Assert.Null(Lifecycle.After(status, AppointmentAction.Cancel));
    }

    [Fact]
    public void R22_only_a_scheduled_visit_becomes_a_no_show_and_that_can_be_undone()
    {
        var before = Enum.GetValues<AppointmentStatus>().Where(s => Lifecycle.After(s, AppointmentAction.NoShow) is not null);

        Assert.Equal([AppointmentStatus.Scheduled], before);
        Assert.Equal(AppointmentStatus.Scheduled, Lifecycle.After(AppointmentStatus.NoShow, AppointmentAction.UndoNoShow));
    }

    [Fact]
    public void R22_a_visit_is_missed_a_quarter_of_an_hour_after_its_start()
    {
        var start = new DateTimeOffset(2026, 3, 2, 14, 0, 0, TimeSpan.Zero);

        Assert.Equal(start.AddMinutes(15), Lifecycle.NoShowFrom(start));
    }

    [Fact]
    public void R11_a_hold_lapses_at_its_expiry_and_what_is_not_held_never()
    {
        var expiry = new DateTimeOffset(2026, 3, 2, 14, 5, 0, TimeSpan.Zero);

        Assert.False(Lifecycle.HasLapsed(expiry, expiry.AddTicks(-1)));
        Assert.True(Lifecycle.HasLapsed(expiry, expiry));
        Assert.False(Lifecycle.HasLapsed(null, expiry));
    }
}
