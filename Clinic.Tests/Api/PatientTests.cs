using System.Net;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Api;

public sealed class PatientTests(ClinicApp app) : ApiTest(app)
{
    private readonly RegisterPatient _request = new()
    {
        FullName = "Rosa Quispe",
        DocumentNumber = $"T{Random.Shared.NextInt64(1_000_000_000):000000000}",
        Email = "Rosa@Patients.example",
        Phone = "+51 999 999 999",
        TimeZone = "America/Lima",
    };

    [Fact]
    public async Task Who_registers_again_gets_the_record_that_there_is()
    {
        var first = await ReadAsync<PatientDetails>(await PostAsync("/api/patients", _request), HttpStatusCode.Created);

        var second = await ReadAsync<PatientDetails>(await PostAsync("/api/patients", _request with { FullName = "Rosa Q." }));

        Assert.Equal(first, second);
        Assert.Equal("rosa@patients.example", first.Email);
    }

    [Fact]
    public async Task A_document_number_with_another_address_is_409_and_shows_nothing_of_the_record()
    {
        await PostAsync("/api/patients", _request);

        var problem = await AssertProblemAsync(
            await PostAsync("/api/patients", _request with { Email = "else@patients.example" }), 409, "patient_exists");

        Assert.DoesNotContain("Rosa", problem.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Of_ten_equal_registrations_at_once_one_makes_the_record()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync("/api/patients", _request)));

        Assert.Single(responses, r => r.StatusCode == HttpStatusCode.Created);
        var ids = await Task.WhenAll(responses.Select(async r => (await ReadAsync<PatientDetails>(r, r.StatusCode)).Id));
        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task R16_an_unknown_time_zone_is_400()
    {
        await AssertProblemAsync(await PostAsync("/api/patients", _request with { TimeZone = "Lima" }), 400, "unknown_time_zone");
    }

    [Theory]
    [InlineData("jose nunez")]
    [InlineData("JOSÉ")]
    [InlineData("Ñúñez josé")]
    public async Task Patients_are_found_by_parts_of_their_names_whatever_the_accents(string text)
    {
        // A word of its own keeps the patients of other tests out.
        var mark = $"m{Guid.NewGuid():N}";
        var patient = await RegisterAsync(_request with { FullName = $"José Núñez {mark}" });

        Assert.Equal(patient, Assert.Single((await FindAsync($"{text} {mark}")).Items));
    }

    [Fact]
    public async Task Patients_are_found_by_e_mail_document_and_phone_number()
    {
        var email = $"{Guid.NewGuid():N}@patients.example";
        var patient = await RegisterAsync(_request with { Email = email, Phone = "+51 912 345 678" });

        Assert.Equal(patient, Assert.Single((await FindAsync(email[..20])).Items));
        Assert.Equal(patient, Assert.Single((await FindAsync(_request.DocumentNumber!)).Items));
        Assert.Contains(patient, (await FindAsync($"912 345 {email[..10]}")).Items);
        Assert.Empty((await FindAsync($"{email[..20]}%")).Items);
    }

    [Fact]
    public async Task A_record_is_replaced_and_found_by_what_it_says_now()
    {
        var patient = await RegisterAsync(_request);
        var name = $"Rosa {Guid.NewGuid():N}";

        var updated = await ReadAsync<PatientDetails>(await SendAsync(
            HttpMethod.Put, $"/api/patients/{patient.Id}", new UpdatePatient { FullName = name, Phone = "+51 900 000 000" }));

        Assert.Equal((patient.Id, name, null, null, "+51 900 000 000"), (updated.Id, updated.FullName, updated.DocumentNumber, updated.Email, updated.Phone));
        Assert.Equal(updated, Assert.Single((await FindAsync(name)).Items));
        await AssertProblemAsync(await SendAsync(HttpMethod.Put, $"/api/patients/{Guid.NewGuid()}", new UpdatePatient { FullName = name, Phone = "+51 900 000 000" }), 404, "not_found");
        await AssertProblemAsync(await SendAsync(HttpMethod.Put, $"/api/patients/{patient.Id}", new UpdatePatient { FullName = name }), 400, "invalid_request");
    }

    [Fact]
    public async Task A_record_cannot_take_another_patients_document_number()
    {
        await RegisterAsync(_request);
        var other = await RegisterAsync(_request with { DocumentNumber = null });

        var update = new UpdatePatient { FullName = "Rosa", Email = "rosa@patients.example", DocumentNumber = _request.DocumentNumber };
        await AssertProblemAsync(await SendAsync(HttpMethod.Put, $"/api/patients/{other.Id}", update), 409, "patient_exists");
    }

    [Fact]
    public async Task R24_a_patients_own_id_comes_from_the_token_whatever_the_body_says()
    {
        await using var db = App.OpenDatabase();
        var other = (await db.AddPatientsAsync(1)).Single();
        using var client = Api.AsPatient(PatientId);

        var named = await ReadAsync<AppointmentDetails>(await SendAsync(HttpMethod.Post, "/api/appointments", Visit("05T09:00", other), client: client), HttpStatusCode.Created);
        var unnamed = await ReadAsync<AppointmentDetails>(await SendAsync(HttpMethod.Post, "/api/appointments", Visit("05T10:00") with { PatientId = null }, client: client), HttpStatusCode.Created);

        Assert.Equal((PatientId, PatientId), (named.PatientId, unnamed.PatientId));
        await AssertProblemAsync(await PostAsync("/api/appointments", Visit("05T11:00") with { PatientId = null }), 400, "invalid_request");
    }

    private async Task<PatientDetails> RegisterAsync(RegisterPatient patient) =>
        await ReadAsync<PatientDetails>(await PostAsync("/api/patients", patient), HttpStatusCode.Created);

    private async Task<Page<PatientDetails>> FindAsync(string text) =>
        await ReadAsync<Page<PatientDetails>>(await Client.GetAsync($"/api/patients?q={Uri.EscapeDataString(text)}"));
}
