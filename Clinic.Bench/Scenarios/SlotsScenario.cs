using System.Globalization;
using System.Text;
using Clinic.Bench.Limits;
using Clinic.Bench.Load;
using Clinic.Bench.Reporting;
using Clinic.Bench.Running;
using Clinic.Core.Contracts;
using StackExchange.Redis;

namespace Clinic.Bench.Scenarios;

/// <summary>Free times of a doctor and a week, from Redis and from Postgres, against what the parts do by themselves.</summary>
internal static class SlotsScenario
{
    private const int Weeks = 6;
    private const int SmallPayload = 2048;

    public static async Task RunAsync(Stage stage, Report report, CancellationToken cancellationToken)
    {
        var (clinic, limits, settings) = (stage.Clinic, stage.Limits, stage.Settings);
        var doctors = await DoctorsAsync(clinic, cancellationToken);
        var week = await WeekSizeAsync(clinic, doctors, cancellationToken);
        await limits.AddPayloadAsync(SmallPayload);
        await limits.AddPayloadAsync(week);

        var ours = Subject.Of(clinic);
        var bare = Subject.Of(limits, clinic);
        var weekText = $"{week:N0} bytes";
        var measured = await Alternation.RunAsync(
            "slots",
            [
                Candidate.Repeating("Kestrel, 2 KB", bare, [RequestBytes.Get("/fixed")]),
                Candidate.Repeating("Kestrel + Redis GET, 2 KB", bare, [RequestBytes.Get($"/redis/{SmallPayload}")]),
                Candidate.Repeating($"Kestrel + Redis GET, {weekText}", bare, [RequestBytes.Get($"/redis/{week}")]),
                Candidate.Repeating("Slots of a week, warm", ours, WeekRequests(doctors, weeks: 1)),
                Candidate.Repeating("Kestrel + one indexed SELECT, 2 KB", bare, [RequestBytes.Get("/select")]),
                Candidate.Repeating("Slots of a week, cold", ours, WeekRequests(doctors, Weeks)) with { Beside = ct => EmptyRedisAsync(clinic, limits, week, ct) },
            ],
            settings,
            cancellationToken);
        report.Sections.Add(new Section(
            "Free times of one doctor and a week",
            $"{settings.Connections} connections, each with the next request as soon as the last is answered; medians of {settings.Repetitions} repetitions of {settings.Duration.TotalSeconds:0.#} s "
            + $"in turn. A week is {weekText} on average, so that is the size of the Redis GET that it is compared with; the SELECT reads a row of 2 KB by its key. {clinic.Size.Visits:N0} visits.",
            "Warm: Redis is asked for the version of the doctor's calendar, and the answer under it is in the API's memory. Cold is made by emptying Redis every 20 ms, over so many doctors and weeks that none is asked for again in "
            + "between: each request misses in Redis, reads Postgres and keeps the result in Redis.")
        {
            Measurements = measured,
        });

        var (redisGet, warm, select, cold) = (measured[2], measured[3], measured[4], measured[5]);
        report.Judge("Warm slots ≥ 0.7 × Kestrel + Redis GET of the same size", warm.PerSecond / redisGet.PerSecond, Numbers.Ratio, " ×", atLeast: 0.7);
        report.Judge("Warm slots take ≤ 0.06 CPU ms per request more than that", warm.ServerCpuMs - redisGet.ServerCpuMs, Numbers.Cpu, " ms more", atMost: 0.06);
        report.Judge("Cold slots ≥ 0.5 × Kestrel + one indexed SELECT", cold.PerSecond / select.PerSecond, Numbers.Ratio, " ×", atLeast: 0.5);
        report.JudgeErrors("Slots without an error", measured);
    }

    public static async Task<IReadOnlyList<DoctorSummary>> DoctorsAsync(RunningClinic clinic, CancellationToken cancellationToken)
    {
        var doctors = new List<DoctorSummary>();
        for (var page = 1; doctors.Count < clinic.Size.Doctors; page++)
        {
            doctors.AddRange((await clinic.GetAsync<Page<DoctorSummary>>($"/api/doctors?pageSize=100&page={page}", cancellationToken)).Items);
        }

        return doctors;
    }

    /// <summary>Weeks one after the other, and in each all doctors: the longest time before one is asked for again.</summary>
    public static IReadOnlyList<byte[]> WeekRequests(IReadOnlyList<DoctorSummary> doctors, int weeks)
    {
        var from = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(1);
        return [.. Enumerable.Range(0, weeks).SelectMany(week => doctors.Select(d => RequestBytes.Get(WeekPath(d.Id, from.AddDays(7 * week)))))];
    }

    private static string WeekPath(Guid doctorId, DateOnly from) =>
        string.Create(CultureInfo.InvariantCulture, $"/api/doctors/{doctorId}/slots?from={from:yyyy-MM-dd}&to={from.AddDays(6):yyyy-MM-dd}");

    /// <summary>Bytes of an answer, on average over the doctors.</summary>
    private static async Task<int> WeekSizeAsync(RunningClinic clinic, IReadOnlyList<DoctorSummary> doctors, CancellationToken cancellationToken)
    {
        var from = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(1);
        long sum = 0;
        foreach (var doctor in doctors)
        {
            sum += Encoding.UTF8.GetByteCount(await clinic.Client.GetStringAsync(WeekPath(doctor.Id, from), cancellationToken));
        }

        return (int)(sum / doctors.Count);
    }

    private static async Task EmptyRedisAsync(RunningClinic clinic, LimitsProcess limits, int week, CancellationToken cancellationToken)
    {
        using (var redis = ConnectionMultiplexer.Connect(clinic.Redis))
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            try
            {
                while (await timer.WaitForNextTickAsync(cancellationToken))
                {
                    await redis.GetDatabase().ExecuteAsync("FLUSHDB");
                }
            }
            catch (OperationCanceledException)
            {
                // The run is over.
            }
        }

        await limits.AddPayloadAsync(SmallPayload);
        await limits.AddPayloadAsync(week);
    }
}
