using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;

namespace Clinic.MigrationWorker.Generation;

/// <summary>
/// Invents when a visit was booked and what became of it, so that its audit trail reads like a real one: booked within
/// three weeks before now or, for a visit in the past, before its start; nothing ever happens after now.
/// </summary>
internal sealed class VisitStory(DateTimeOffset now, Random random)
{
    private static readonly TimeSpan LongestLead = TimeSpan.FromDays(21);

    /// <summary>Between booking and the next thing to happen, at least.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(30);

    public IReadOnlyList<VisitEvent> Tell(AppointmentStatus outcome, Interval visit, BookingRules rules)
    {
        // The last moment for booking and cancelling. Whatever happens, happens before both now and the visit.
        var lastCall = Earlier(now - Afterwards, visit.Start - TimeSpan.FromMinutes(rules.MinNoticeMinutes) - Afterwards);
        var horizon = visit.Start - TimeSpan.FromDays(rules.HorizonDays);

        // A visit that spills over the horizon cannot have been booked within it.
        var firstCall = Later(lastCall - LongestLead, horizon <= lastCall - Afterwards ? horizon : DateTimeOffset.MinValue);
        var booked = new VisitEvent(Between(firstCall, lastCall - Afterwards), AppointmentAction.Book, null, AppointmentStatus.Scheduled);
        return outcome switch
        {
            AppointmentStatus.Scheduled => [booked],
            AppointmentStatus.Cancelled => [booked, Next(booked, AppointmentAction.Cancel, Between(booked.At + Afterwards, lastCall))],
            AppointmentStatus.Completed => Attended(booked, visit),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Only what is seeded has a story."),
        };
    }

    private VisitEvent[] Attended(VisitEvent booked, Interval visit)
    {
        var arrived = Next(booked, AppointmentAction.CheckIn, Between(visit.Start - TimeSpan.FromMinutes(15), visit.Start));
        return [booked, arrived, Next(arrived, AppointmentAction.Complete, Between(visit.End - TimeSpan.FromMinutes(4), visit.End))];
    }

    private static VisitEvent Next(VisitEvent before, AppointmentAction action, DateTimeOffset at) => new(
        at,
        action,
        before.ToStatus,
        Lifecycle.After(before.ToStatus, action) ?? throw new InvalidOperationException($"{action} cannot follow {before.ToStatus}."));

    /// <summary>A whole second within the two instants.</summary>
    private DateTimeOffset Between(DateTimeOffset first, DateTimeOffset last)
    {
        var seconds = Math.Max(0, (int)(last - first).TotalSeconds);
        var at = first + TimeSpan.FromSeconds(random.Next(seconds + 1));
        return at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
