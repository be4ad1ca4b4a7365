using Clinic.Core.Scheduling;

namespace Clinic.Tests.Core;

public sealed class WeeklyOverlapTests
{
    [Theory]
    [InlineData("Monday 09:00-12:00", "Monday 12:00-15:00", false)]
    [InlineData("Monday 09:00-12:00", "Monday 11:59-15:00", true)]
    [InlineData("Monday 09:00-12:00", "Tuesday 09:00-12:00", false)]
    [InlineData("Monday 22:00-06:00", "Tuesday 06:00-07:00", false)]
    [InlineData("Monday 22:00-06:00", "Tuesday 05:59-07:00", true)]
    [InlineData("Saturday 22:00-06:00", "Sunday 05:00-07:00", true)]
    [InlineData("Sunday 05:00-07:00", "Saturday 22:00-06:00", true)]
    [InlineData("Monday 00:00-00:00", "Monday 23:00-00:00", true)]
    public void Weekly_windows_overlap_when_they_claim_the_same_time_of_the_week(string first, string second, bool expected)
    {
        Assert.Equal(expected, WeeklyOverlap.Find([Parse(first), Parse(second)]) is not null);
    }

    private static WeeklyHours Parse(string text)
    {
        var parts = text.Split(' ', '-');
        return new WeeklyHours(Enum.Parse<DayOfWeek>(parts[0]), TimeOnly.Parse(parts[1]), TimeOnly.Parse(parts[2]), WindowModality.Any);
    }
}
