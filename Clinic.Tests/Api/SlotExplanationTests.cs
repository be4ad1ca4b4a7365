using System.Net;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Doctors;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Api;

/// <summary>R10: why a time is not offered.</summary>
public sealed class SlotExplanationTests(ClinicApp app) : ApiTest(app)
{
    [Fact]
    public async Task R10_a_time_is_offered_exactly_when_the_search_for_it_lists_it()
    {
        await using var db = App.OpenDatabase();
        await db.Doctors.Where(d => d.Id == DoctorId).ExecuteUpdateAsync(d => d.SetProperty(x => x.BufferMinutes, 10).SetProperty(x => x.MinNoticeMinutes, 150));
        await AddTreatmentAsync(db, minutes: 20, inPerson: false);
        await PostAsync($"/api/doctors/{DoctorId}/exceptions", new AddException
        {
            Start = new DateTime(2030, 3, 4, 13, 0, 0),
            End = new DateTime(2030, 3, 4, 14, 0, 0),
            Kind = ExceptionKind.Closed,
            Modality = WindowModality.InPerson,
        });
        await BookAsync("04T11:00");

        var offered = new List<bool>();
        foreach (var query in new[] { "", $"&treatmentId={TreatmentId}", "&modality=in_person", $"&treatmentId={TreatmentId}&modality=online" })
        {
            var slots = await ReadAsync<DoctorSlots>(await Client.GetAsync($"/api/doctors/{DoctorId}/slots?from=2030-03-04&to=2030-03-04{query}"));
            var starts = slots.Days.Single().Slots.Select(s => s.Start).ToHashSet();
            for (var start = Lima("04T08:45"); start <= Lima("04T17:00"); start += TimeSpan.FromMinutes(15))
            {
                var explanation = await ExplainAsync(start, query);
                Assert.True(starts.Contains(start) == explanation.Offered, $"{start:t}{query}");
                Assert.Equal(explanation.Offered, explanation.Reasons is []);
                offered.Add(explanation.Offered);
            }
        }

        Assert.InRange(offered.Count(o => o), 40, offered.Count - 40);
    }

    [Fact]
    public async Task R10_all_that_takes_a_time_away_is_told_in_words_and_nothing_of_the_patient()
    {
        await using var db = App.OpenDatabase();
        await db.Doctors.Where(d => d.Id == DoctorId).ExecuteUpdateAsync(d => d.SetProperty(x => x.BufferMinutes, 10));
        await BookAsync("05T10:00");
        await HoldAsync("05T11:00");
        await ReadAsync<ExceptionDetails>(
            await PostAsync($"/api/doctors/{DoctorId}/exceptions?strand=keep", new AddException
            {
                Start = new DateTime(2030, 3, 5, 10, 0, 0),
                End = new DateTime(2030, 3, 5, 12, 0, 0),
                Kind = ExceptionKind.Closed,
                Reason = "Congress",
            }),
            HttpStatusCode.Created);

        var explanation = await ExplainAsync(Lima("05T10:35"), $"&treatmentId={TreatmentId}");

        Assert.Equal(
            [
                new("not_on_grid", "Visits of this doctor start every 15 minutes from the beginning of their hours."),
                new("outside_availability", "Closed from 2030-03-05 10:00 to 2030-03-05 12:00: Congress."),
                new("slot_taken", "The 10 minutes around the visit from 2030-03-05 10:00 (America/Lima) to 2030-03-05 10:30 are kept free."),
                new("slot_taken", "Taken by the held visit from 2030-03-05 11:00 (America/Lima) to 2030-03-05 11:30."),
            ],
            explanation.Reasons);
        Assert.Contains(await CodesAsync("04T06:00"), c => c == "in_the_past");
        Assert.Equal(["beyond_horizon"], (await ExplainAsync(Lima("05T09:00").AddDays(90))).Reasons.Select(r => r.Code));
    }

    [Fact]
    public async Task R10_a_treatment_that_is_not_offered_is_a_reason_beside_the_others()
    {
        await using var db = App.OpenDatabase();
        var online = await AddTreatmentAsync(db, minutes: 20, inPerson: false);

        Assert.Equal(["treatment_not_offered"], await CodesAsync("05T09:00", $"&treatmentId={online}&modality=in_person"));
        Assert.Equal(["treatment_not_offered", "outside_availability"], await CodesAsync("05T08:00", $"&treatmentId={Guid.NewGuid()}"));
    }

    [Fact]
    public async Task R4_it_does_not_read_the_cache()
    {
        Assert.StartsWith("09:00", await FreeTimesAsync("05"), StringComparison.Ordinal);
        await using var db = App.OpenDatabase();
        await db.WeeklyWindows.Where(w => w.DoctorId == DoctorId).ExecuteDeleteAsync();

        Assert.False((await ExplainAsync(Lima("05T09:00"))).Offered);
    }

    [Theory]
    [InlineData("", "start")]
    [InlineData("start=", "start")]
    [InlineData("start=2030-03-05", "start")]
    [InlineData("start=9999-12-31T23:00:00Z", "start")]
    [InlineData("start=2030-03-05T14:00:00Z&treatmentId=7", "treatmentId")]
    [InlineData("start=2030-03-05T14:00:00Z&modality=by_post", "modality")]
    public async Task R29_a_bad_question_is_400_and_names_the_field(string query, string field)
    {
        var problem = await AssertProblemAsync(await Client.GetAsync($"/api/doctors/{DoctorId}/slots/explain?{query}"), 400, "invalid_request");

        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task R29_an_unknown_doctor_is_404()
    {
        await AssertProblemAsync(await Client.GetAsync($"/api/doctors/{Guid.NewGuid()}/slots/explain?start=2030-03-05T14:00:00Z"), 404, "not_found");
    }

    private async Task<IEnumerable<string>> CodesAsync(string start, string query = "") =>
        (await ExplainAsync(Lima(start), query)).Reasons.Select(r => r.Code);

    private async Task<SlotExplanation> ExplainAsync(DateTimeOffset start, string query = "") => await ReadAsync<SlotExplanation>(
        await Client.GetAsync($"/api/doctors/{DoctorId}/slots/explain?start={Uri.EscapeDataString(start.ToString("O"))}{query}"));

    private async Task<Guid> AddTreatmentAsync(Data.ClinicDbContext db, int minutes, bool inPerson)
    {
        var treatment = new Treatment
        {
            Id = Guid.CreateVersion7(),
            DoctorId = DoctorId,
            Name = "Short call",
            Price = 50,
            Currency = "PEN",
            DurationMinutes = minutes,
            InPerson = inPerson,
            Online = true,
        };
        db.Treatments.Add(treatment);
        await db.SaveChangesAsync();
        return treatment.Id;
    }
}
