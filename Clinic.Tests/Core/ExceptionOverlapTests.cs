using Clinic.Core.Scheduling;
using static Clinic.Tests.Core.Calendars;

namespace Clinic.Tests.Core;

public sealed class ExceptionOverlapTests
{
    [Theory]
    [InlineData("2026-03-02T09:00", "2026-03-02T10:00", WindowModality.Any, true)]
    [InlineData("2026-03-02T08:00", "2026-03-02T09:01", WindowModality.Any, true)]
    [InlineData("2026-03-02T10:00", "2026-03-02T11:00", WindowModality.Any, false)]
    [InlineData("2026-03-02T08:00", "2026-03-02T09:00", WindowModality.Any, false)]
    [InlineData("2026-03-02T09:00", "2026-03-02T10:00", WindowModality.InPerson, true)]
    [InlineData("2026-03-02T09:00", "2026-03-02T10:00", WindowModality.Online, false)]
    public void Exceptions_overlap_when_they_claim_the_same_time_for_the_same_visits(string start, string end, WindowModality modality, bool expected)
    {
        ScheduleException[] others = [Closed("2026-03-02T09:00", "2026-03-02T10:00", WindowModality.InPerson)];

        Assert.Equal(expected, Open(start, end, modality).FirstOverlap(others) is not null);
        Assert.Equal(expected, Closed(start, end, modality).FirstOverlap(others) is not null);
    }
}
