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
}
