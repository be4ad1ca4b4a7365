using Clinic.Core.Scheduling;
using FsCheck;
using FsCheck.Fluent;
using Interval = Clinic.Core.Scheduling.Interval;

namespace Clinic.Tests.Core;

/// <summary>R10: what is offered can be booked, and what can be booked is offered.</summary>
public sealed class SlotsAgreeWithBookingProperties
{
    private static readonly string[] Zones = ["America/Lima", "Europe/Madrid", "America/Santiago", "Australia/Lord_Howe"];

    [Fact]
    public void R10_a_time_is_offered_exactly_when_booking_accepts_it() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var world = World.Make(new System.Random(seed));

            var offered = SlotCalculator
                .FreeSlots(world.Doctor, world.Visit, world.Range, world.Busy, world.Now)
                .SelectMany(s => s.Modalities.Select(m => (s.Start, m)))
                .ToHashSet();

            for (var start = world.Range.Start; start < world.Range.End; start += TimeSpan.FromMinutes(5))
            {
                foreach (var modality in world.Visit.Modalities)
                {
                    if (offered.Contains((start, modality)) != world.CanBeBooked(start, modality))
                    {
                        throw new InvalidOperationException($"{start:O} {modality} of seed {seed}: offered is {offered.Contains((start, modality))}.");
                    }
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    /// <summary>A doctor with arbitrary hours, exceptions, rules and visits, around a change of the clock.</summary>
    private sealed record World(Availability Doctor, VisitShape Visit, Interval Range, List<BusyInterval> Busy, DateTimeOffset Now)
    {
        public static World Make(System.Random random)
        {
            var zone = TimeZones.Find(Zones[random.Next(Zones.Length)]);
            var first = new[] { new DateOnly(2026, 3, 28), new(2026, 10, 24), new(2026, 4, 4), new(2026, 9, 5), new(2026, 10, 3) }[random.Next(5)];
            var midnight = first.ToDateTime(TimeOnly.MinValue);
            var doctor = new Availability(
                zone,
                new BookingRules(5 * random.Next(1, 13), 5 * random.Next(0, 4), 60 * random.Next(0, 12), random.Next(1, 4)),
                [.. Several(8, () => new WeeklyHours(
                    (DayOfWeek)random.Next(7), new TimeOnly(random.Next(24), 5 * random.Next(12)), new TimeOnly(random.Next(24), 5 * random.Next(12)), Window()))],
                [.. Several(4, () => Wall()).Select(start => new ScheduleException(
                    start, start.AddMinutes(5 * random.Next(1, 100)), random.Next(2) == 0 ? ExceptionKind.Closed : ExceptionKind.Open, Window()))]);
            var range = zone.DaysBetween(first, first.AddDays(2));
            return new World(
                doctor,
                new VisitShape(TimeSpan.FromMinutes(5 * random.Next(1, 20)), random.Next(2) == 0 ? ModalityRules.All : [Modality.Online]),
                range,
                [.. Several(6, () => range.Start.AddMinutes(5 * random.Next(-12, 3 * 24 * 12)))
                    .Select(start => new BusyInterval(new Interval(start, start.AddMinutes(5 * random.Next(1, 20)))))],
                range.Start.AddMinutes(random.Next(-600, 600)));

            DateTime Wall() => midnight.AddMinutes(5 * random.Next(-100, 3 * 24 * 12));

            WindowModality Window() => (WindowModality)random.Next(3);

            IEnumerable<T> Several<T>(int most, Func<T> make) => Enumerable.Range(0, random.Next(most + 1)).Select(_ => make());
        }

        public bool CanBeBooked(DateTimeOffset start, Modality modality) =>
            BookingCheck.Refuse(Doctor, Visit.Duration, modality, start, Now) is null
            && !Busy.Any(b => b.During.Widen(Doctor.Rules.Buffer).Overlaps(new Interval(start, start + Visit.Duration)));
    }
}
