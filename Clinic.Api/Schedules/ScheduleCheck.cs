using System.Globalization;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Doctors;

namespace Clinic.Api.Schedules;

/// <summary>Whether a schedule that was sent in makes sense by itself.</summary>
internal static class ScheduleCheck
{
    private const int MaxWindows = 100;

    /// <exception cref="ClinicProblem">400 with all that is wrong.</exception>
    public static void Check(ReplaceSchedule schedule)
    {
        var check = new RequestCheck();
        check.Range("slotMinutes", schedule.SlotMinutes, 5, 240);
        check.Range("bufferMinutes", schedule.BufferMinutes, 0, Doctor.MaxBufferMinutes);
        check.Range("minNoticeMinutes", schedule.MinNoticeMinutes, 0, 43_200);
        check.Range("horizonDays", schedule.HorizonDays, 1, 730);
        check.Range("changeNoticeMinutes", schedule.ChangeNoticeMinutes ?? 0, 0, 43_200);
        check.Require("weekly", schedule.Weekly.Count <= MaxWindows, $"Has more than {MaxWindows} windows.");
        check.Require("weekly", schedule.Weekly.All(w => w is not null), "Holds null.");
        check.Done();

        for (var i = 0; i < schedule.Weekly.Count; i++)
        {
            var window = schedule.Weekly[i];
            check.Require(
                $"weekly[{i}]",
                window.Start != window.End || window.Start == TimeOnly.MinValue,
                "Starts and ends at the same time; only 00:00 to 00:00, the whole day, may.");
        }

        if (WeeklyOverlap.Find(schedule.Weekly) is var (first, second))
        {
            check.Add($"weekly[{second}]", $"Overlaps weekly[{first}]. Where both modalities are possible use one window with any.");
        }

        check.Done();
    }

    /// <exception cref="ClinicProblem">400 with all that is wrong.</exception>
    public static void Check(AddException exception)
    {
        var check = new RequestCheck();
        check.Range("start", exception.Start.Year, 2000, 2200);
        check.Range("end", exception.End.Year, 2000, 2200);
        check.Require("end", exception.Start < exception.End, "Must be after start.");
        check.Require(
            "end",
            exception.Kind == ExceptionKind.Closed || exception.End - exception.Start <= TimeSpan.FromDays(1),
            "Extra hours are at most 24 hours long; add one exception for each day.");
        check.Require("end", exception.End - exception.Start <= TimeSpan.FromDays(731), "A closure is at most two years long.");
        check.Text("reason", exception.Reason, 200);
        check.Done();
    }

    /// <summary>Exceptions that claim the same time for the same visits contradict or repeat each other.</summary>
    /// <exception cref="ClinicProblem">400 that names the other one.</exception>
    public static void RequireNoOverlap(ScheduleException added, IEnumerable<ScheduleException> others)
    {
        if (added.FirstOverlap(others) is { } other)
        {
            var what = other.Kind == ExceptionKind.Closed ? "closure" : "extra hours";
            var verb = other.Kind == added.Kind ? "Overlaps" : "Contradicts";
            var when = string.Create(CultureInfo.InvariantCulture, $"{other.Start:yyyy-MM-dd'T'HH:mm}–{other.End:yyyy-MM-dd'T'HH:mm}");
            throw ClinicProblem.Invalid("start", $"{verb} the {what} of {when}. Take those back first.");
        }
    }
}
