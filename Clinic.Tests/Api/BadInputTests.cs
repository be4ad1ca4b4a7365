using System.Net;
using System.Text;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Api;

/// <summary>R29: bad input is a clear 4xx with nothing half done.</summary>
public sealed class BadInputTests(ClinicApp app) : ApiTest(app)
{
    [Theory]
    [InlineData("{", "body")]
    [InlineData("[]", "body")]
    [InlineData("{}", "fullName")]
    [InlineData("""{"fullName":7,"email":"a@b.example"}""", "fullName")]
    [InlineData("""{"fullName":null,"email":"a@b.example"}""", "fullName")]
    [InlineData("""{"fullName":"  ","email":"a@b.example"}""", "fullName")]
    [InlineData("""{"fullName":"A\u0000B","email":"a@b.example"}""", "fullName")]
    [InlineData("""{"fullName":"A\u0007B","email":"a@b.example"}""", "fullName")]
    [InlineData("""{"fullName":"\ud800","email":"a@b.example"}""", "fullName")]
    [InlineData("""{"fullName":"A","email":"nobody"}""", "email")]
    [InlineData("""{"fullName":"A"}""", "email")]
    [InlineData("""{"fullName":"A","phone":"call me"}""", "phone")]
    [InlineData("""{"fullName":"A","email":"a@b.example","documentNumber":"1'; DROP TABLE"}""", "documentNumber")]
    public async Task R29_a_bad_body_is_400_and_names_the_field(string body, string field)
    {
        var response = await Client.PostAsync("/api/patients", new StringContent(body, Encoding.UTF8, "application/json"));

        var problem = await AssertProblemAsync(response, 400, "invalid_request");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Theory]
    [InlineData("Robert'); DROP TABLE clinic.patients;--")]
    [InlineData("María 😀 Ñahui")]
    [InlineData("<script>alert(1)</script>")]
    public async Task R29_odd_names_are_names(string name)
    {
        var request = new RegisterPatient { FullName = name, Email = $"{Guid.NewGuid():N}@patients.example" };

        var registered = await ReadAsync<PatientDetails>(await PostAsync("/api/patients", request), HttpStatusCode.Created);

        Assert.Equal(name, (await ReadAsync<PatientDetails>(await Client.GetAsync($"/api/patients/{registered.Id}"))).FullName);
    }

    [Fact]
    public async Task R29_an_oversized_body_is_413()
    {
        var body = new StringContent($$"""{"fullName":"{{new string('a', 70_000)}}"}""", Encoding.UTF8, "application/json");

        await AssertProblemAsync(await Client.PostAsync("/api/patients", body), 413, "body_too_large");
    }

    [Fact]
    public async Task R29_another_media_type_is_415()
    {
        await AssertProblemAsync(await Client.PostAsync("/api/patients", new StringContent("fullName=A")), 415, "unsupported_media_type");
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/api/doctors/7")]
    [InlineData("/api/doctors/01990000-0000-7000-8000-000000000000")]
    [InlineData("/api/patients/01990000-0000-7000-8000-000000000000")]
    [InlineData("/api/appointments/01990000-0000-7000-8000-000000000000")]
    [InlineData("/api/appointments/01990000-0000-7000-8000-000000000000/history")]
    public async Task R29_an_unknown_address_or_id_is_404(string path)
    {
        await AssertProblemAsync(await Client.GetAsync(path), 404, "not_found");
    }

    [Theory]
    [InlineData("/api/doctors?page=0", "page")]
    [InlineData("/api/doctors?pageSize=101", "pageSize")]
    [InlineData("/api/doctors?maxPrice=cheap", "maxPrice")]
    [InlineData("/api/doctors?q=%00", "q")]
    [InlineData("/api/appointments?status=done", "status")]
    [InlineData("/api/appointments?from=yesterday", "from")]
    [InlineData("/api/slots?limit=0", "limit")]
    public async Task R29_a_bad_query_is_400_and_names_the_field(string path, string field)
    {
        var problem = await AssertProblemAsync(await Client.GetAsync(path), 400, "invalid_request");

        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Theory]
    [InlineData("\"2030-03-05T09:00:00\"")]
    [InlineData("\"tomorrow\"")]
    [InlineData("1899000000")]
    public async Task R29_a_start_without_an_offset_is_400(string start)
    {
        var body = $$"""{"doctorId":"{{DoctorId}}","treatmentId":"{{TreatmentId}}","patientId":"{{PatientId}}","start":{{start}},"modality":"in_person"}""";

        var problem = await AssertProblemAsync(
            await Client.PostAsync("/api/appointments", new StringContent(body, Encoding.UTF8, "application/json")), 400, "invalid_request");

        Assert.True(problem.GetProperty("errors").TryGetProperty("start", out _), problem.ToString());
        await using var db = App.OpenDatabase();
        Assert.False(await db.Appointments.AnyAsync(a => a.DoctorId == DoctorId));
    }

    [Theory]
    [InlineData("""[{"dayOfWeek":"monday","start":"09:00","end":"12:00"},{"dayOfWeek":"monday","start":"11:00","end":"13:00"}]""", "weekly[1]")]
    [InlineData("""[{"dayOfWeek":"monday","start":"09:00","end":"09:00"}]""", "weekly[0]")]
    [InlineData("""[{"dayOfWeek":"mon","start":"09:00","end":"10:00"}]""", "weekly[0].dayOfWeek")]
    [InlineData("""[{"dayOfWeek":"monday","start":"9 am","end":"10:00"}]""", "weekly[0].start")]
    [InlineData("[null]", "weekly")]
    public async Task R29_contradictory_hours_are_refused_and_the_schedule_stays(string weekly, string field)
    {
        var path = $"/api/doctors/{DoctorId}/schedule";
        var before = await Client.GetStringAsync(path);
        var body = $$"""{"slotMinutes":15,"bufferMinutes":0,"minNoticeMinutes":0,"horizonDays":30,"weekly":{{weekly}}}""";

        var problem = await AssertProblemAsync(await Client.PutAsync(path, new StringContent(body, Encoding.UTF8, "application/json")), 400, "invalid_request");

        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
        Assert.Equal(before, await Client.GetStringAsync(path));
    }
}
