using Clinic.Core.Scheduling;
using FsCheck;
using FsCheck.Fluent;
using Interval = Clinic.Core.Scheduling.Interval;

namespace Clinic.Tests.Core;

/// <summary>R10: what is offered can be booked, what can be booked is offered, and what is not has a reason.</summary>
public sealed class SlotsAgreeWithBookingProperties
{
    private static readonly string[] Zones = ["America/Lima", "Europe/Madrid", "America/Santiago", "Australia/Lord_Howe"];

    [Fact]
    public void R10_a_time_is_offered_exactly_when_booking_accepts_it_and_nothing_explains_why_not() =>
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
                    if (offered.Contains((start, modality)) != world.CanBeBooked(start, modality)
                        || offered.Contains((start, modality)) == world.IsExplained(start, modality))
                    {
                        throw new InvalidOperationException($"{start:O} {modality} of seed {seed}: offered is {offered.Contains((start, modality))}.");
                    }
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void R11_a_list_of_free_times_stays_the_same_until_it_says_it_may_not() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new System.Random(seed);
            var world = World.Make(random);
            var list = world.FreeSlotsAt(world.Now);
            var until = SlotLifetime.Until(world.Doctor, list, world.Busy, world.Now);

            var later = Enumerable.Range(0, 10).Select(_ => world.Now.AddTicks(random.NextInt64((until - world.Now).Ticks)))
                .Append(until.AddTicks(-1));
            foreach (var instant in later)
            {
                if (!world.FreeSlotsAt(instant).Select(s => s.Start).SequenceEqual(list.Select(s => s.Start)))
                {
                    throw new InvalidOperationException($"The list of seed {seed} is another one at {instant:O}, before {until:O}.");
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
            var days = zone.DaysBetween(first, first.AddDays(2));
            // A viewer's days end at any hour of the doctor's.
            var range = days with { End = days.End.AddMinutes(-5 * random.Next(0, 12 * 12)) };
            return new World(
                doctor,
                new VisitShape(TimeSpan.FromMinutes(5 * random.Next(1, 20)), random.Next(2) == 0 ? ModalityRules.All : [Modality.Online]),
                range,
                [.. Several(6, () => range.Start.AddMinutes(5 * random.Next(-12, 3 * 24 * 12)))
                    .Select(start => new BusyInterval(
                        new Interval(start, start.AddMinutes(5 * random.Next(1, 20))), random.Next(3) == 0 ? days.Start.AddMinutes(random.Next(-600, 600)) : null))],
                range.Start.AddMinutes(random.Next(-600, 600)));

            DateTime Wall() => midnight.AddMinutes(5 * random.Next(-100, 3 * 24 * 12));

            WindowModality Window() => (WindowModality)random.Next(3);

            IEnumerable<T> Several<T>(int most, Func<T> make) => Enumerable.Range(0, random.Next(most + 1)).Select(_ => make());
        }

        public IReadOnlyList<Slot> FreeSlotsAt(DateTimeOffset now) => SlotCalculator.FreeSlots(Doctor, Visit, Range, Busy, now);

        public bool CanBeBooked(DateTimeOffset start, Modality modality) =>
            BookingCheck.Refuse(Doctor, Visit.Duration, modality, start, Now) is null
            && !Busy.Any(b => b.BlocksAt(Now) && b.During.Widen(Doctor.Rules.Buffer).Overlaps(new Interval(start, start + Visit.Duration)));

        public bool IsExplained(DateTimeOffset start, Modality modality) =>
            SlotExplainer.Explain(Doctor, new Interval(start, start + Visit.Duration), modality, Busy, Now) is not [];
    }
}
