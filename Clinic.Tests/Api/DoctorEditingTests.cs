using System.Net;
using System.Net.Http.Json;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Api;

public sealed class DoctorEditingTests(ClinicApp app) : ApiTest(app)
{
    private static readonly DoctorRecord Record = new()
    {
        FullName = "Dra. Inés Salazar",
        Specialty = "Testing",
        City = "Arequipa",
        TimeZone = "America/Lima",
        About = "Listens.",
    };

    private static readonly TreatmentRecord CheckUp = new()
    {
        Name = "Check-up",
        Price = 80.50m,
        Currency = "PEN",
        DurationMinutes = 45,
        Modalities = [Modality.Online],
    };

    [Fact]
    public async Task A_new_doctor_is_bookable_once_there_are_hours_and_a_treatment()
    {
        var doctor = await ReadAsync<DoctorDetails>(await PostAsync("/api/doctors", Record), HttpStatusCode.Created);
        await ReadAsync<TreatmentDetails>(await PostAsync($"/api/doctors/{doctor.Id}/treatments", CheckUp), HttpStatusCode.Created);
        Assert.Empty(await SlotsAsync(doctor.Id));

        await ReadAsync<ScheduleDetails>(await SendAsync(HttpMethod.Put, $"/api/doctors/{doctor.Id}/schedule", new ReplaceSchedule
        {
            SlotMinutes = 15,
            BufferMinutes = 0,
            MinNoticeMinutes = 0,
            HorizonDays = 30,
            Weekly = [new WeeklyHours(DayOfWeek.Tuesday, new TimeOnly(9, 0), new TimeOnly(10, 0))],
        }));

        Assert.Equal([Lima("05T09:00"), Lima("05T09:15")], (await SlotsAsync(doctor.Id)).Select(s => s.Start));
    }

    [Fact]
    public async Task A_changed_treatment_shows_in_the_next_read_and_booked_visits_keep_their_length()
    {
        var booked = await BookAsync("05T09:00");
        await FreeTimesAsync("05");

        await ReadAsync<TreatmentDetails>(await SendAsync(HttpMethod.Put, Path(TreatmentId), CheckUp with { Name = "Consultation", DurationMinutes = 240, Modalities = [Modality.InPerson] }));

        Assert.Equal("09:30 09:45 10:00 10:15 10:30 10:45 11:00 11:15 11:30 11:45 12:00 12:15 12:30 12:45 13:00", await FreeTimesAsync("05"));
        Assert.Equal(booked.End, (await ReadAsync<AppointmentDetails>(await Client.GetAsync($"/api/appointments/{booked.Id}"))).End);
    }

    [Fact]
    public async Task A_removed_treatment_is_offered_no_more_its_visits_stay_and_its_name_is_free()
    {
        var booked = await BookAsync("05T09:00");

        Assert.Equal(HttpStatusCode.NoContent, (await Client.DeleteAsync(Path(TreatmentId))).StatusCode);

        Assert.Empty((await ReadAsync<DoctorDetails>(await Client.GetAsync($"/api/doctors/{DoctorId}"))).Treatments);
        await AssertProblemAsync(await PostAsync("/api/appointments", Visit("06T09:00")), 422, "treatment_not_offered");
        Assert.Equal(TreatmentId, (await ReadAsync<AppointmentDetails>(await Client.GetAsync($"/api/appointments/{booked.Id}"))).TreatmentId);
        await ReadAsync<AppointmentDetails>(await SendAsync(HttpMethod.Put, $"/api/appointments/{booked.Id}", new MoveAppointment { Start = Lima("07T09:00") }));
        await AssertProblemAsync(await Client.DeleteAsync(Path(TreatmentId)), 404, "not_found");
        await ReadAsync<TreatmentDetails>(await PostAsync($"/api/doctors/{DoctorId}/treatments", CheckUp with { Name = "Consultation" }), HttpStatusCode.Created);
    }

    [Fact]
    public async Task Of_ten_equal_treatments_at_once_one_is_added()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync($"/api/doctors/{DoctorId}/treatments", CheckUp)));

        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
        {
            await AssertProblemAsync(refused, 409, "treatment_exists");
        }
    }

    [Fact]
    public async Task A_change_of_zone_that_would_strand_visits_is_refused_and_can_be_tried_out_or_meant()
    {
        var booked = await BookAsync("05T09:00");
        var inTokyo = Record with { TimeZone = "Asia/Tokyo" };
        var path = $"/api/doctors/{DoctorId}";

        var refused = await AssertProblemAsync(await SendAsync(HttpMethod.Put, path, inTokyo), 409, "visits_stranded");
        Assert.Equal(booked.Id, refused.GetProperty("stranded").EnumerateArray().Single().GetProperty("id").GetGuid());
        var tried = await ReadAsync<StrandedVisits>(await SendAsync(HttpMethod.Put, $"{path}?dryRun=true", inTokyo));
        Assert.Equal(booked.Id, tried.Stranded.Single().Id);
        Assert.Equal("America/Lima", (await ReadAsync<DoctorDetails>(await Client.GetAsync(path))).TimeZone);

        Assert.Equal("Asia/Tokyo", (await ReadAsync<DoctorDetails>(await SendAsync(HttpMethod.Put, $"{path}?strand=keep", inTokyo))).TimeZone);
    }

    [Fact]
    public async Task R16_an_unknown_time_zone_is_400() =>
        await AssertProblemAsync(await PostAsync("/api/doctors", Record with { TimeZone = "Lima" }), 400, "unknown_time_zone");

    [Theory]
    [InlineData("name", """{"name":" ","price":1,"currency":"PEN","durationMinutes":30,"modalities":["online"]}""")]
    [InlineData("price", """{"name":"A","price":-1,"currency":"PEN","durationMinutes":30,"modalities":["online"]}""")]
    [InlineData("price", """{"name":"A","price":1.005,"currency":"PEN","durationMinutes":30,"modalities":["online"]}""")]
    [InlineData("price", """{"name":"A","price":1e9,"currency":"PEN","durationMinutes":30,"modalities":["online"]}""")]
    [InlineData("currency", """{"name":"A","price":1,"currency":"soles","durationMinutes":30,"modalities":["online"]}""")]
    [InlineData("durationMinutes", """{"name":"A","price":1,"currency":"PEN","durationMinutes":481,"modalities":["online"]}""")]
    [InlineData("modalities", """{"name":"A","price":1,"currency":"PEN","durationMinutes":30,"modalities":[]}""")]
    [InlineData("modalities[0]", """{"name":"A","price":1,"currency":"PEN","durationMinutes":30,"modalities":["by_phone"]}""")]
    public async Task A_treatment_that_makes_no_sense_is_refused_by_field(string field, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var problem = await AssertProblemAsync(await Client.PostAsync($"/api/doctors/{DoctorId}/treatments", content), 400, "invalid_request");

        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_changed()
    {
        await AssertProblemAsync(await SendAsync(HttpMethod.Put, $"/api/doctors/{Guid.NewGuid()}", Record), 404, "not_found");
        await AssertProblemAsync(await PostAsync($"/api/doctors/{Guid.NewGuid()}/treatments", CheckUp), 404, "not_found");
        await AssertProblemAsync(await SendAsync(HttpMethod.Put, Path(Guid.NewGuid()), CheckUp), 404, "not_found");
    }

    private string Path(Guid treatmentId) => $"/api/doctors/{DoctorId}/treatments/{treatmentId}";

    private async Task<IReadOnlyList<SlotView>> SlotsAsync(Guid doctorId) =>
        [.. (await Client.GetFromJsonAsync<DoctorSlots>($"/api/doctors/{doctorId}/slots?from=2030-03-05&to=2030-03-05", ClinicJson.Options))!.Days.SelectMany(d => d.Slots)];
}
