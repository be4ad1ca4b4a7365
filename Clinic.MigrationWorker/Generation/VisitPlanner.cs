using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;
using Clinic.MigrationWorker.Files;
using Clinic.MigrationWorker.Running;

namespace Clinic.MigrationWorker.Generation;

/// <summary>
/// Plans the visits of one doctor after the other. Visits are spread evenly over six weeks ahead and six weeks back; where
/// that would fill the days too much, over as many weeks as it takes, so that there are free times tomorrow in any case.
/// Every visit is looked for on one day at a time, so the work grows with the number of visits and not with its square.
/// </summary>
internal sealed class VisitPlanner(int patients, DateTimeOffset now, Random random)
{
    private const int SpreadDays = 42;

    /// <summary>Of a day's hours: what is left is for those who book.</summary>
    private const double FullestDay = 0.7;

    /// <summary>Days ahead or back after which there is no room: numbers that no clinic has.</summary>
    private const int FarthestDays = 3650;

    /// <summary>Times tried on one day for one treatment before another treatment, and then the next day, is tried.</summary>
    private const int TriesPerTreatment = 4;

    /// <summary>No seeded visit begins while the worker still runs.</summary>
    private static readonly TimeSpan FirstStart = TimeSpan.FromMinutes(30);

    private static readonly string?[] Reasons =
    [
        null, null, null, "First visit", "Follow-up", "Second opinion", "Test results", "Symptoms came back", "Yearly check",
    ];

    private readonly PatientDiaries _patients = new(patients, random);
    private readonly VisitStory _story = new(now, random);

    /// <exception cref="WorkerFailure">The hours of the doctor, or the patients' time, do not have room for so many visits.</exception>
    public IEnumerable<PlannedVisit> Plan(CatalogDoctor doctor, VisitShares shares)
    {
        var diary = new DoctorDiary(doctor, now);
        var ahead = Outcomes((AppointmentStatus.Scheduled, shares.Scheduled), (AppointmentStatus.Cancelled, shares.CancelledAhead));
        var behind = Outcomes((AppointmentStatus.Completed, shares.Completed), (AppointmentStatus.Cancelled, shares.CancelledBehind));
        return
        [
            .. Spread(diary, ahead, new Interval(now + FirstStart, DateTimeOffset.MaxValue), step: 1),
            .. Spread(diary, behind, new Interval(DateTimeOffset.MinValue, now), step: -1),
        ];
    }

    /// <summary>The outcomes in random order, so that cancelled visits lie among the others.</summary>
    private Queue<AppointmentStatus> Outcomes(params (AppointmentStatus Outcome, int Count)[] counts)
    {
        var outcomes = counts.SelectMany(c => Enumerable.Repeat(c.Outcome, c.Count)).ToArray();
        random.Shuffle(outcomes);
        return new Queue<AppointmentStatus>(outcomes);
    }

    /// <summary>
    /// Walks from today, day by day. Every day adds its part of the hours to a budget of minutes, and visits are placed
    /// while the budget lasts: one every few days, or many a day, as the numbers ask.
    /// </summary>
    private IEnumerable<PlannedVisit> Spread(DoctorDiary diary, Queue<AppointmentStatus> outcomes, Interval within, int step)
    {
        var minutesPerVisit = diary.Doctor.Treatments.Average(t => t.DurationMinutes) + diary.Doctor.Rules.BufferMinutes;
        var part = PartOfHours(diary, within, step, outcomes.Count * minutesPerVisit);
        var budget = random.NextDouble() * minutesPerVisit;
        for (var days = 0; outcomes.Count > 0; days++)
        {
            if (days > FarthestDays)
            {
                throw NoRoom(diary.Doctor);
            }

            var day = diary.Today.AddDays(days * step);
            var open = diary.OpenTime(day, within).TotalMinutes;

            // Nothing is saved up for a single day beyond what that day has.
            budget = Math.Min(budget + (open * part), Math.Max(open, minutesPerVisit));
            while (open > 0 && budget >= minutesPerVisit && outcomes.Count > 0
                && Place(diary, day, within, outcomes.Peek()) is { } visit)
            {
                outcomes.Dequeue();
                budget -= minutesPerVisit;
                yield return visit;
            }
        }
    }

    /// <summary>The part of every day's hours that visits must take up to be done with after the usual weeks.</summary>
    private static double PartOfHours(DoctorDiary diary, Interval within, int step, double minutes)
    {
        var open = Enumerable.Range(0, SpreadDays).Sum(i => diary.OpenTime(diary.Today.AddDays(i * step), within).TotalMinutes);
        return open == 0 ? FullestDay : Math.Min(minutes / open, FullestDay);
    }

    /// <summary>Puts one visit somewhere on the day, or returns null where the day has no room left.</summary>
    private PlannedVisit? Place(DoctorDiary diary, DateOnly day, Interval within, AppointmentStatus outcome)
    {
        var doctor = diary.Doctor;
        var treatments = doctor.Treatments.ToArray();
        random.Shuffle(treatments);
        foreach (var treatment in treatments)
        {
            var free = diary.FreeTimes(day, within, new VisitShape(TimeSpan.FromMinutes(treatment.DurationMinutes), treatment.Modalities));
            for (var tries = Math.Min(TriesPerTreatment, free.Count); tries > 0; tries--)
            {
                var slot = free[random.Next(free.Count)];
                var during = new Interval(slot.Start.ToUniversalTime(), slot.End.ToUniversalTime());
                if (_patients.Take(during, doctor.Rules.Buffer) is { } patient)
                {
                    diary.Take(day, during);
                    return new PlannedVisit
                    {
                        DoctorId = SeededIds.Doctor(doctor.Key),
                        TreatmentId = SeededIds.Treatment(doctor.Key, treatment.Name),
                        Patient = patient,
                        During = during,
                        Modality = slot.Modalities[random.Next(slot.Modalities.Count)],
                        Reason = Reasons[random.Next(Reasons.Length)],
                        Story = _story.Tell(outcome, during, doctor.Rules),
                    };
                }
            }
        }

        return null;
    }

    private WorkerFailure NoRoom(CatalogDoctor doctor) => new(
        $"There is no room for so many visits of doctor '{doctor.Key}' with {patients} patients, not even within ten years. "
        + "Lower Seed:AppointmentsPerDoctor, raise Seed:Patients, or give the doctor more hours.");
}
