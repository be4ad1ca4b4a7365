using Clinic.Core.Scheduling;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Interval = Clinic.Core.Scheduling.Interval;

namespace Clinic.Tests.Core;

/// <summary>R10: what is offered can be booked, what can be booked is offered, and what is not has a reason.</summary>
public sealed class SlotsAgreeWithBookingProperties
{
    private static readonly string[] Zones =
        ["America/Lima", "Europe/Madrid", "America/Santiago", "Australia/Lord_Howe", "America/New_York", "America/St_Johns"];

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
    public void R12_the_offered_times_are_those_that_NodaTime_finds_five_minutes_by_five_minutes() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var world = World.Make(new System.Random(seed));

            var offered = world.FreeSlotsAt(world.Now);

            var expected = FiveMinuteClock.FreeTimes(world.Doctor, world.Visit, world.Range, world.Busy, world.Now);
            return offered.SelectMany(s => s.Modalities.Select(m => (s.Start, m))).SequenceEqual(expected)
                ? true
                : throw new InvalidOperationException($"Seed {seed}.");
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_limit_gives_the_head_of_the_whole_list() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new System.Random(seed);
            var world = World.Make(random, days: random.Next(1, 20));
            var all = world.FreeSlotsAt(world.Now);

            foreach (var limit in new[] { 0, 1, 2, random.Next(all.Count + 1), all.Count, all.Count + 1 })
            {
                var head = SlotCalculator.FreeSlots(world.Doctor, world.Visit, world.Range, world.Busy, world.Now, limit);
                if (!head.Select(Whole).SequenceEqual(all.Take(limit).Select(Whole)))
                {
                    throw new InvalidOperationException($"The first {limit} of seed {seed} are others.");
                }
            }

            return true;

            static (DateTimeOffset, TimeSpan, DateTimeOffset, string) Whole(Slot slot) =>
                (slot.Start, slot.Start.Offset, slot.End, string.Join(' ', slot.Modalities));
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
        public static World Make(System.Random random, int days = 3)
        {
            var zone = TimeZones.Find(Zones[random.Next(Zones.Length)]);
            // Up to two days before a change in one of the zones.
            DateOnly[] changes = [new(2026, 3, 29), new(2026, 10, 25), new(2026, 4, 5), new(2026, 9, 6), new(2026, 10, 4), new(2026, 3, 8), new(2026, 11, 1)];
            var first = changes[random.Next(changes.Length)].AddDays(-random.Next(3));
            var midnight = first.ToDateTime(TimeOnly.MinValue);
            var doctor = new Availability(
                zone,
                new BookingRules(5 * random.Next(1, 13), 5 * random.Next(0, 4), 60 * random.Next(0, 12), random.Next(1, days + 1)),
                [.. Several(12, () => new WeeklyHours(
                    (DayOfWeek)random.Next(7), new TimeOnly(random.Next(24), 5 * random.Next(12)), new TimeOnly(random.Next(24), 5 * random.Next(12)), Window()))],
                // Some have a long past, of which nothing may be seen.
                [.. Several(random.Next(4) == 0 ? 60 : 0, () => Wall().AddDays(-random.Next(30, 300))).Concat(Several(6, () => Wall())).Select(start => new ScheduleException(
                    start, start.AddMinutes(5 * random.Next(1, 100)), random.Next(2) == 0 ? ExceptionKind.Closed : ExceptionKind.Open, Window()))]);
            var whole = zone.DaysBetween(first, first.AddDays(days - 1));
            // A viewer's days begin and end at any hour of the doctor's.
            var range = new Interval(whole.Start.AddMinutes(5 * random.Next(0, 8 * 12)), whole.End.AddMinutes(-5 * random.Next(0, 12 * 12)));
            return new World(
                doctor,
                new VisitShape(TimeSpan.FromMinutes(5 * random.Next(1, 20)), random.Next(2) == 0 ? ModalityRules.All : [Modality.Online]),
                range,
                [.. Several(2 * days, () => range.Start.AddMinutes(5 * random.Next(-12, days * 24 * 12)))
                    .Select(start => new BusyInterval(
                        new Interval(start, start.AddMinutes(5 * random.Next(1, 20))), random.Next(3) == 0 ? whole.Start.AddMinutes(random.Next(-600, 600)) : null))],
                range.Start.AddMinutes(random.Next(-600, 600)));

            DateTime Wall() => midnight.AddMinutes(5 * random.Next(-100, days * 24 * 12));

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

    /// <summary>
    /// The free times by brute force, to compare with: NodaTime reads the clock at every fifth minute, and each is looked up in
    /// every window of every day. It is right for calendars in which everything is a multiple of five minutes.
    /// </summary>
    private static class FiveMinuteClock
    {
        private static readonly TimeSpan Tick = TimeSpan.FromMinutes(5);

        public static IEnumerable<(DateTimeOffset Start, Modality Modality)> FreeTimes(
            Availability doctor, VisitShape visit, Interval range, List<BusyInterval> busy, DateTimeOffset now)
        {
            var zone = DateTimeZoneProviders.Tzdb[doctor.Zone.Id];
            var lastDay = DateOnly.FromDateTime(Wall(now)).AddDays(doctor.Rules.HorizonDays);
            var windows = Windows(doctor, DateOnly.FromDateTime(Wall(range.Start)), DateOnly.FromDateTime(Wall(range.End))).ToList();
            var closures = doctor.Exceptions.Where(e => e.Kind == ExceptionKind.Closed)
                .Select(e => (e.Modality, During: new Interval(Edge(e.Start, last: false), Edge(e.End, last: true)))).ToList();
            for (var start = range.Start; start < range.End; start += Tick)
            {
                var wall = Wall(start);
                var time = new Interval(start, start + visit.Duration);
                foreach (var modality in ModalityRules.All.Where(visit.Modalities.Contains))
                {
                    if (start >= now + doctor.Rules.MinNotice
                        && DateOnly.FromDateTime(wall) <= lastDay
                        && windows.Any(w => w.Admits(modality) && w.Holds(wall) && (wall - w.Start).Ticks % doctor.Rules.Step.Ticks == 0)
                        && Ticks(time).All(t => windows.Any(w => w.Admits(modality) && w.Holds(Wall(t)))
                            && !closures.Any(c => c.Modality.Admits(modality) && c.During.Start <= t && t < c.During.End))
                        && !busy.Any(b => b.BlocksAt(now) && b.During.Widen(doctor.Rules.Buffer).Overlaps(time)))
                    {
                        yield return (start, modality);
                    }
                }
            }

            DateTime Wall(DateTimeOffset instant) => Instant.FromDateTimeOffset(instant).InZone(zone).ToDateTimeUnspecified();

            DateTimeOffset Edge(DateTime wall, bool last) => zone.MapLocal(LocalDateTime.FromDateTime(wall)) switch
            {
                { Count: 0 } gap => gap.LateInterval.Start.ToDateTimeOffset(),
                var found => (last ? found.Last() : found.First()).ToDateTimeOffset(),
            };
        }

        private static IEnumerable<DateTimeOffset> Ticks(Interval time)
        {
            for (var tick = time.Start; tick < time.End; tick += Tick)
            {
                yield return tick;
            }
        }

        private static IEnumerable<Window> Windows(Availability doctor, DateOnly first, DateOnly last)
        {
            for (var date = first.AddDays(-2); date <= last.AddDays(2); date = date.AddDays(1))
            {
                foreach (var hours in doctor.Weekly.Where(h => h.DayOfWeek == date.DayOfWeek))
                {
                    yield return new Window(hours.On(date).Start, hours.On(date).End, hours.Modality);
                }
            }

            foreach (var extra in doctor.Exceptions.Where(e => e.Kind == ExceptionKind.Open))
            {
                yield return new Window(extra.Start, extra.End, extra.Modality);
            }
        }

        private sealed record Window(DateTime Start, DateTime End, WindowModality Modality)
        {
            public bool Admits(Modality modality) => Modality.Admits(modality);

            public bool Holds(DateTime wall) => Start <= wall && wall < End;
        }
    }
}
