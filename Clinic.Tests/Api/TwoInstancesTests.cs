using System.Net;
using System.Net.Http.Json;
using Clinic.Api.Slots;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Clinic.Tests.Api;

/// <summary>R5: after a committed write the next read of any instance shows it.</summary>
public sealed class TwoInstancesTests(ClinicApp app) : ApiTest(app)
{
    [Fact]
    public async Task R5_what_one_instance_writes_the_other_reads_next()
    {
        await using var other = ApiInstance.Start(App);
        for (var minutes = 0; minutes < 120; minutes += 30)
        {
            var time = $"{9 + (minutes / 60):00}:{minutes % 60:00}";
            // Both have it cached as free.
            Assert.Contains(time, await FreeTimesAsync("05"), StringComparison.Ordinal);
            Assert.Contains(time, await FreeTimesAsync("05", other.Client), StringComparison.Ordinal);

            var booked = await BookAsync($"05T{time}");
            Assert.DoesNotContain(time, await FreeTimesAsync("05", other.Client), StringComparison.Ordinal);

            await ReadAsync<AppointmentDetails>(await SendAsync(HttpMethod.Delete, $"/api/appointments/{booked.Id}", client: other.Client));
            Assert.Contains(time, await FreeTimesAsync("05"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task R5_an_instance_that_knows_an_old_version_finds_what_is_kept_under_the_new_one()
    {
        await using var other = ApiInstance.Start(App);
        Assert.StartsWith("09:00", await FreeTimesAsync("05"), StringComparison.Ordinal);
        Assert.StartsWith("09:00", await FreeTimesAsync("05", other.Client), StringComparison.Ordinal);
        await BookAsync("05T09:00");
        var now = await FreeTimesAsync("05");
        Assert.DoesNotContain("09:00", now, StringComparison.Ordinal);

        using var commands = new SqlCommandCounter(other);

        Assert.Equal((now, 0), (await FreeTimesAsync("05", other.Client), commands.Count));
    }

    [Fact]
    public async Task R5_a_version_that_Redis_has_lost_brings_no_older_answer_back()
    {
        await using var other = ApiInstance.Start(App);
        Assert.StartsWith("09:00", await FreeTimesAsync("05"), StringComparison.Ordinal);
        Assert.StartsWith("09:00", await FreeTimesAsync("05", other.Client), StringComparison.Ordinal);
        await BookAsync("05T09:00");
        var redis = Api.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

        // What was kept under the first version is still there, and both instances know its name.
        Assert.True(await redis.KeyDeleteAsync(CalendarVersion.KeyOf(DoctorId)));

        Assert.DoesNotContain("09:00", await FreeTimesAsync("05", other.Client), StringComparison.Ordinal);
        Assert.DoesNotContain("09:00", await FreeTimesAsync("05"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R5_a_changed_schedule_shows_in_the_other_instance_next()
    {
        await using var other = ApiInstance.Start(App);
        Assert.StartsWith("09:00", await FreeTimesAsync("05", other.Client), StringComparison.Ordinal);

        var schedule = new ReplaceSchedule
        {
            SlotMinutes = 60,
            BufferMinutes = 0,
            MinNoticeMinutes = 0,
            HorizonDays = 30,
            Weekly = [new WeeklyHours(DayOfWeek.Tuesday, new TimeOnly(15, 0), new TimeOnly(17, 0), WindowModality.Any)],
        };
        await ReadAsync<ScheduleDetails>(await SendAsync(HttpMethod.Put, $"/api/doctors/{DoctorId}/schedule", schedule));
        Assert.Equal("15:00 16:00", await FreeTimesAsync("05", other.Client));

        var closure = new AddException { Start = new DateTime(2030, 3, 5, 15, 0, 0), End = new DateTime(2030, 3, 5, 15, 30, 0), Kind = ExceptionKind.Closed };
        var added = await ReadAsync<ExceptionDetails>(await PostAsync($"/api/doctors/{DoctorId}/exceptions", closure), HttpStatusCode.Created);
        Assert.Equal("16:00", await FreeTimesAsync("05", other.Client));

        var removed = await SendAsync(HttpMethod.Delete, $"/api/doctors/{DoctorId}/exceptions/{added.Id}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal("15:00 16:00", await FreeTimesAsync("05", other.Client));
    }

    [Fact]
    public async Task R6_of_parallel_posts_to_both_instances_exactly_one_is_booked()
    {
        await using var other = ApiInstance.Start(App);
        await using var db = App.OpenDatabase();
        var patients = await db.AddPatientsAsync(20);

        var responses = await Task.WhenAll(patients.Select((patient, i) =>
            (i % 2 == 0 ? Client : other.Client).PostAsJsonAsync("/api/appointments", Visit("05T09:00", patient), ClinicJson.Options)));

        Assert.Equal([new(201, 1), new(409, 19)], responses.CountBy(r => (int)r.StatusCode).OrderBy(o => o.Key));
    }
}
