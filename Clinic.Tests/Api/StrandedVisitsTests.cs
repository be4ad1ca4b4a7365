using System.Net;
using System.Text.Json;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Api;

/// <summary>A change of hours does not silently leave visits outside of them.</summary>
public sealed class StrandedVisitsTests(ClinicApp app) : ApiTest(app)
{
    private string SchedulePath => $"/api/doctors/{DoctorId}/schedule";

    private string ExceptionsPath => $"/api/doctors/{DoctorId}/exceptions";

    [Fact]
    public async Task A_schedule_that_strands_visits_is_refused_with_the_visits_and_stays_as_it_was()
    {
        await using var db = App.OpenDatabase();
        var patients = await db.AddPatientsAsync(5);
        var later = await BookAsync("06T15:00", patients[0]);
        var sooner = await BookAsync("05T16:00", patients[1]);
        await BookAsync("05T09:00", patients[2]);
        var held = await HoldAsync("07T15:00", patients[3]);
        await CancelledAsync(await BookAsync("08T15:00", patients[4]));
        var before = await Client.GetStringAsync(SchedulePath);

        var problem = await AssertProblemAsync(await PutAsync(Daily("09:00", "12:00")), 409, "visits_stranded");

        Assert.Equal([sooner, later, held], problem.GetProperty("stranded").Deserialize<AppointmentDetails[]>(ClinicJson.Options)!);
        Assert.Contains("3 visits", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await Client.GetStringAsync(SchedulePath));
    }

    [Fact]
    public async Task A_dry_run_tells_and_changes_nothing_also_when_nothing_is_stranded()
    {
        var visit = await BookAsync("05T16:00");
        var before = await Client.GetStringAsync(SchedulePath);

        var stranded = await ReadAsync<StrandedVisits>(await PutAsync(Daily("09:00", "12:00"), "?dryRun=true"));
        var none = await ReadAsync<StrandedVisits>(await PutAsync(Daily("09:00", "17:00"), "?dryRun=true"));
        var keeping = await ReadAsync<StrandedVisits>(await PutAsync(Daily("09:00", "12:00"), "?dryRun=true&strand=keep"));

        Assert.Equal([visit], stranded.Stranded);
        Assert.Empty(none.Stranded);
        Assert.Equal([visit], keeping.Stranded);
        Assert.Equal(before, await Client.GetStringAsync(SchedulePath));
    }

    [Fact]
    public async Task Keeping_them_changes_the_hours_and_leaves_the_visits_as_they_are()
    {
        var visit = await BookAsync("05T16:00");

        var schedule = await ReadAsync<ScheduleDetails>(await PutAsync(Daily("09:00", "12:00"), "?strand=keep"));

        Assert.All(schedule.Weekly, hours => Assert.Equal(new TimeOnly(12, 0), hours.End));
        Assert.Equal(visit, await ReadAsync<AppointmentDetails>(await Client.GetAsync($"/api/appointments/{visit.Id}")));
        // It lies outside already, so the next change does not strand it.
        await ReadAsync<ScheduleDetails>(await PutAsync(Daily("09:00", "11:00")));
    }

    [Fact]
    public async Task A_lapsed_hold_and_a_visit_that_has_begun_are_not_stranded_and_rules_strand_nobody()
    {
        await HoldAsync("05T16:00");
        await using var db = App.OpenDatabase();
        await BookAsync("04T15:00", (await db.AddPatientsAsync(1)).Single());
        Api.Clock.MoveTo(Lima("04T15:00"));
        var strict = Daily("09:00", "12:00") with { SlotMinutes = 240, BufferMinutes = 240, MinNoticeMinutes = 43_200, HorizonDays = 1 };

        await ReadAsync<ScheduleDetails>(await PutAsync(strict));
    }

    [Fact]
    public async Task A_closure_strands_visits_of_its_modality_and_a_dry_run_adds_none()
    {
        var visit = await BookAsync("05T09:00");

        await AssertProblemAsync(await PostAsync(ExceptionsPath, Closure()), 409, "visits_stranded");
        Assert.Equal([visit], (await ReadAsync<StrandedVisits>(await PostAsync($"{ExceptionsPath}?dryRun=true", Closure()))).Stranded);
        Assert.Empty((await ScheduleAsync()).Exceptions);

        await ReadAsync<ExceptionDetails>(await PostAsync(ExceptionsPath, Closure() with { Modality = WindowModality.Online }), HttpStatusCode.Created);
    }

    [Fact]
    public async Task Extra_hours_with_visits_in_them_are_not_taken_back_unless_the_visits_are_kept()
    {
        var extra = await ReadAsync<ExceptionDetails>(
            await PostAsync(ExceptionsPath, Closure() with { Start = Wall(5, 18), End = Wall(5, 20), Kind = ExceptionKind.Open }), HttpStatusCode.Created);
        var visit = await BookAsync("05T18:30");
        var path = $"{ExceptionsPath}/{extra.Id}";

        await AssertProblemAsync(await SendAsync(HttpMethod.Delete, path), 409, "visits_stranded");
        Assert.Equal([visit], (await ReadAsync<StrandedVisits>(await SendAsync(HttpMethod.Delete, $"{path}?dryRun=true"))).Stranded);
        Assert.Single((await ScheduleAsync()).Exceptions);

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"{path}?strand=keep")).StatusCode);
        Assert.Empty((await ScheduleAsync()).Exceptions);
    }

    [Fact]
    public async Task At_most_a_hundred_are_listed_and_all_are_counted()
    {
        await using var db = App.OpenDatabase();
        var (patient, count) = ((await db.AddPatientsAsync(1)).Single(), 104);
        db.Appointments.AddRange(Enumerable.Range(0, count).Select(i => new Data.Appointments.Appointment
        {
            Id = Guid.CreateVersion7(),
            DoctorId = DoctorId,
            TreatmentId = TreatmentId,
            PatientId = patient,
            StartsAt = Lima("05T15:00").AddDays(i).ToUniversalTime(),
            EndsAt = Lima("05T15:30").AddDays(i).ToUniversalTime(),
            Modality = Modality.InPerson,
            Status = AppointmentStatus.Scheduled,
            CreatedAt = FixedClock.Start,
        }));
        await db.SaveChangesAsync();

        var problem = await AssertProblemAsync(await PutAsync(Daily("09:00", "12:00")), 409, "visits_stranded");

        Assert.Equal(100, problem.GetProperty("stranded").GetArrayLength());
        Assert.StartsWith("104 visits", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dryRun=perhaps", "dryRun")]
    [InlineData("strand=cancel", "strand")]
    public async Task R29_any_other_choice_is_400_and_changes_nothing(string query, string field)
    {
        var before = await Client.GetStringAsync(SchedulePath);

        foreach (var response in new[]
        {
            await PutAsync(Daily("10:00", "12:00"), $"?{query}"),
            await PostAsync($"{ExceptionsPath}?{query}", Closure()),
            await SendAsync(HttpMethod.Delete, $"{ExceptionsPath}/{Guid.NewGuid()}?{query}"),
        })
        {
            var problem = await AssertProblemAsync(response, 400, "invalid_request");
            Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
        }

        Assert.Equal(before, await Client.GetStringAsync(SchedulePath));
    }

    [Fact]
    public async Task Exceptions_that_contradict_or_repeat_another_are_400_and_name_it()
    {
        await ReadAsync<ExceptionDetails>(await PostAsync(ExceptionsPath, Closure()), HttpStatusCode.Created);

        foreach (var kind in Enum.GetValues<ExceptionKind>())
        {
            var problem = await AssertProblemAsync(
                await PostAsync(ExceptionsPath, Closure() with { Start = Wall(5, 10), End = Wall(5, 12), Kind = kind }), 400, "invalid_request");
            Assert.Contains("2030-03-05T09:00–2030-03-05T11:00", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        await ReadAsync<ExceptionDetails>(await PostAsync(ExceptionsPath, Closure() with { Start = Wall(5, 11), End = Wall(5, 12) }), HttpStatusCode.Created);
        Assert.Equal(2, (await ScheduleAsync()).Exceptions.Count);
    }

    [Fact]
    public async Task The_notice_for_changes_is_kept_when_a_schedule_says_nothing_of_it()
    {
        Assert.Equal(0, (await ScheduleAsync()).ChangeNoticeMinutes);

        await ReadAsync<ScheduleDetails>(await PutAsync(Daily("09:00", "17:00") with { ChangeNoticeMinutes = 1440 }));
        var schedule = await ReadAsync<ScheduleDetails>(await PutAsync(Daily("09:00", "17:00") with { HorizonDays = 45 }));

        Assert.Equal(1440, schedule.ChangeNoticeMinutes);
        var doctor = await ReadAsync<DoctorDetails>(await Client.GetAsync($"/api/doctors/{DoctorId}"));
        Assert.Equal((45, 1440), (doctor.HorizonDays, doctor.ChangeNoticeMinutes));
        await AssertProblemAsync(await PutAsync(Daily("09:00", "17:00") with { ChangeNoticeMinutes = 43_201 }), 400, "invalid_request");
    }

    private static ReplaceSchedule Daily(string start, string end) => new()
    {
        SlotMinutes = 15,
        BufferMinutes = 0,
        MinNoticeMinutes = 0,
        HorizonDays = 60,
        Weekly = [.. Enum.GetValues<DayOfWeek>().Select(day => new WeeklyHours(day, TimeOnly.Parse(start), TimeOnly.Parse(end)))],
    };

    /// <summary>Tuesday from nine to eleven.</summary>
    private static AddException Closure() => new() { Start = Wall(5, 9), End = Wall(5, 11), Kind = ExceptionKind.Closed };

    private static DateTime Wall(int day, int hour) => new(2030, 3, day, hour, 0, 0);

    private Task<HttpResponseMessage> PutAsync(ReplaceSchedule schedule, string query = "") =>
        SendAsync(HttpMethod.Put, SchedulePath + query, schedule);

    private async Task<ScheduleDetails> ScheduleAsync() => await ReadAsync<ScheduleDetails>(await Client.GetAsync(SchedulePath));

    private async Task CancelledAsync(AppointmentDetails visit) =>
        await ReadAsync<AppointmentDetails>(await SendAsync(HttpMethod.Delete, $"/api/appointments/{visit.Id}"));
}
