using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Doctors;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Api;

public sealed class DoctorTests(ClinicApp app) : ApiTest(app)
{
    [Fact]
    public async Task A_search_ignores_accents_and_case_and_takes_words_in_any_order()
    {
        var surname = $"Ñuñez{Guid.NewGuid():N}";
        var id = await AddAsync($"Dra. María {surname}", 80);

        foreach (var q in new[] { surname.ToUpperInvariant(), surname.Replace('ñ', 'n').Replace('Ñ', 'N'), $"{surname} maria", $"oftalmologia {surname}" })
        {
            var found = await SearchAsync($"q={Uri.EscapeDataString(q)}");
            Assert.Equal([id], found.Items.Select(d => d.Id));
        }

        Assert.Empty((await SearchAsync($"q={Uri.EscapeDataString($"{surname} cardio")}")).Items);
        Assert.Empty((await SearchAsync("q=%25%25%25")).Items);
    }

    [Fact]
    public async Task Modality_and_price_are_those_of_one_and_the_same_treatment()
    {
        var name = $"Precio{Guid.NewGuid():N}";
        var id = await AddAsync(name, 200, 90);

        Assert.Equal([id], (await SearchAsync($"q={name}&modality=online&maxPrice=200")).Items.Select(d => d.Id));
        Assert.Empty((await SearchAsync($"q={name}&modality=online&maxPrice=100")).Items);
        var inPerson = Assert.Single((await SearchAsync($"q={name}&modality=in_person&maxPrice=100")).Items);
        Assert.Equal((90m, "PEN"), (inPerson.FromPrice, inPerson.Currency));
    }

    [Fact]
    public async Task Lists_page_and_count()
    {
        var name = $"Serie{Guid.NewGuid():N}";
        for (var i = 0; i < 5; i++)
        {
            await AddAsync($"{name} {i}", 100);
        }

        var second = await SearchAsync($"q={name}&page=2&pageSize=2");

        Assert.Equal((2, 2, 5L), (second.PageNumber, second.PageSize, second.Total));
        Assert.Equal([$"{name} 2", $"{name} 3"], second.Items.Select(d => d.FullName));
    }

    [Fact]
    public async Task Visits_are_listed_by_start_with_local_days_of_the_doctor()
    {
        await BookAsync("06T16:30");
        await BookAsync("05T09:00");
        await BookAsync("07T09:00");

        var page = await ReadAsync<Page<AppointmentDetails>>(await Client.GetAsync($"/api/appointments?doctorId={DoctorId}&from=2030-03-05&to=2030-03-06"));

        Assert.Equal([Lima("05T09:00"), Lima("06T16:30")], page.Items.Select(a => a.Start));
        Assert.Equal(2, page.Total);
        Assert.Empty((await ReadAsync<Page<AppointmentDetails>>(await Client.GetAsync($"/api/appointments?doctorId={DoctorId}&status=cancelled"))).Items);
    }

    private async Task<Page<DoctorSummary>> SearchAsync(string query) =>
        await ReadAsync<Page<DoctorSummary>>(await Client.GetAsync($"/api/doctors?{query}"));

    /// <summary>A doctor whose first treatment is online and whose second, if priced, in person.</summary>
    private async Task<Guid> AddAsync(string name, decimal onlinePrice, decimal? inPersonPrice = null)
    {
        await using var db = App.OpenDatabase();
        var doctor = new Doctor
        {
            Id = Guid.CreateVersion7(),
            FullName = name,
            Specialty = "Oftalmología",
            City = "Cusco",
            TimeZone = "America/Lima",
            SlotMinutes = 15,
            BufferMinutes = 0,
            MinNoticeMinutes = 0,
            HorizonDays = 30,
            CreatedAt = FixedClock.Start,
        }.IndexForSearch();
        doctor.Treatments.Add(Treatment("Online", onlinePrice, Modality.Online));
        if (inPersonPrice is { } price)
        {
            doctor.Treatments.Add(Treatment("In person", price, Modality.InPerson));
        }

        db.Doctors.Add(doctor);
        await db.SaveChangesAsync();
        return doctor.Id;

        Treatment Treatment(string treatment, decimal price, Modality modality) => new()
        {
            Id = Guid.CreateVersion7(),
            DoctorId = doctor.Id,
            Name = treatment,
            Price = price,
            Currency = "PEN",
            DurationMinutes = 30,
            InPerson = modality == Modality.InPerson,
            Online = modality == Modality.Online,
        };
    }
}
