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
}
