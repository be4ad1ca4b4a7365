using System.Globalization;
using Clinic.Api.Appointments;
using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Calendars;

namespace Clinic.Api.Slots;

/// <summary>Why a time is not offered, for staff who are asked on the phone. Always from Postgres: a cache explains nothing.</summary>
internal sealed class SlotInquiry(CalendarSource calendars, TimeProvider clock)
{
    /// <summary>Offered exactly when a search for the same treatment and modality lists the start.</summary>
    /// <exception cref="ClinicProblem">404 for an unknown doctor.</exception>
    public async Task<SlotExplanation> ExplainAsync(
        Guid doctorId, DateTimeOffset start, Guid? treatmentId, Modality? modality, CancellationToken cancellationToken)
    {
        // Holds any visit that could overlap, with the largest buffer.
        var around = new Interval(start, start).Widen(TimeSpan.FromDays(1));
        var calendar = await calendars.OfDoctorAsync(doctorId, around, cancellationToken) ?? throw ClinicProblem.NotFound("doctor", doctorId);

        // Of a treatment that is not offered it is told what else stands in the way of the one that comes nearest.
        var notOffered = WantedVisit.NotOffered(calendar, treatmentId, modality);
        var visit = WantedVisit.Of(calendar, treatmentId, modality) ?? WantedVisit.Nearest(calendar, treatmentId, modality);
        SlotReason[] reasons =
        [
            .. notOffered is null ? Array.Empty<SlotReason>() : [new(ProblemCodes.TreatmentNotOffered, notOffered)],
            .. Against(calendar, start, visit),
        ];
        return new SlotExplanation(reasons is [], reasons);
    }

    /// <summary>A time is free when it is so for one of the modalities; else each of them has something against it.</summary>
    private IEnumerable<SlotReason> Against(DoctorCalendar calendar, DateTimeOffset start, VisitShape visit)
    {
        var (availability, now) = (calendar.Availability, clock.GetUtcNow());
        var time = new Interval(start.ToUniversalTime(), start.ToUniversalTime() + visit.Duration);
        var refusals = visit.Modalities
            .Select(m => SlotExplainer.Explain(availability, time, m, calendar.Busy, now))
            .ToList();
        return refusals.Any(r => r is []) ? [] : refusals.SelectMany(r => r).Select(r => Words(r, availability)).Distinct();
    }

    private static SlotReason Words(TimeRefusal refusal, Availability availability) => refusal switch
    {
        TimeRefusal.ByRule { Rule: var rule } when AppointmentProblems.Refused(rule, availability.Rules) is var problem =>
            new SlotReason(problem.Code, problem.Message),
        TimeRefusal.ByClosingTime =>
            new SlotReason(ProblemCodes.OutsideAvailability, "The visit would run past the end of the doctor's hours."),
        TimeRefusal.ByClosure { Closure: var closure } => new SlotReason(
            ProblemCodes.OutsideAvailability,
            $"Closed from {Wall(closure.Start)} to {Wall(closure.End)}{(closure.Reason is null ? "" : $": {closure.Reason}")}."),
        TimeRefusal.ByVisit { Visit: var visit, InBuffer: var inBuffer } => new SlotReason(
            ProblemCodes.SlotTaken,
            inBuffer
                ? $"The {availability.Rules.BufferMinutes} minutes around the {Words(visit, availability.Zone)} are kept free."
                : $"Taken by the {Words(visit, availability.Zone)}."),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "Unknown refusal."),
    };

    /// <summary>When it is, and nothing of whose it is.</summary>
    private static string Words(BusyInterval visit, TimeZoneInfo zone) =>
        $"{(visit.FreeFrom is null ? "visit" : "held visit")} from {AppointmentProblems.Words(visit.During.Start, zone)} to {Wall(zone.WallTimeAt(visit.During.End))}";

    private static string Wall(DateTime time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
