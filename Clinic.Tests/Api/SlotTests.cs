using System.Net;
using System.Net.Http.Headers;
using Clinic.Api.Slots;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Calendars;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Api;

public sealed class SlotTests(ClinicApp app) : ApiTest(app)
{
    [Fact]
    public async Task Every_day_of_the_range_is_listed_and_without_a_range_the_coming_week()
    {
        var slots = await ReadAsync<DoctorSlots>(await Client.GetAsync($"/api/doctors/{DoctorId}/slots"));

        Assert.Equal("America/Lima", slots.TimeZone);
        Assert.Equal(Enumerable.Range(4, 7).Select(day => new DateOnly(2030, 3, day)), slots.Days.Select(d => d.Date));
        Assert.All(slots.Days, day => Assert.Equal(31, day.Slots.Count));
    }

    [Fact]
    public async Task R14_another_zone_regroups_the_days_and_keeps_the_instants()
    {
        var lima = await SlotsAsync("from=2030-03-05&to=2030-03-07");
        var tokyo = await SlotsAsync("from=2030-03-05&to=2030-03-08&timeZone=Asia/Tokyo");

        var instants = tokyo.Days.SelectMany(d => d.Slots).Select(s => s.Start).ToHashSet();
        Assert.Superset(lima.Days.SelectMany(d => d.Slots).Select(s => s.Start).ToHashSet(), instants);
        Assert.All(tokyo.Days, day => Assert.All(day.Slots, slot =>
        {
            Assert.Equal(TimeSpan.FromHours(9), slot.Start.Offset);
            Assert.Equal(day.Date, DateOnly.FromDateTime(slot.Start.DateTime));
        }));
        // 14:00 to 22:00 UTC is 23:00 to 07:00 in Tokyo.
        Assert.Equal("23:00", tokyo.Days[0].Slots[^4].Start.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task R16_an_unknown_time_zone_is_400()
    {
        await AssertProblemAsync(await Client.GetAsync($"/api/doctors/{DoctorId}/slots?timeZone=Mars/Base"), 400, "unknown_time_zone");
        await AssertProblemAsync(await Client.GetAsync("/api/slots?timeZone=Mars/Base"), 400, "unknown_time_zone");
    }

    [Theory]
    [InlineData("from=2030-03-05&to=2030-03-04", "to")]
    [InlineData("from=2030-03-01&to=2030-04-01", "to")]
    [InlineData("from=2030-02-30", "from")]
    [InlineData("modality=by_post", "modality")]
    [InlineData("treatmentId=7", "treatmentId")]
    public async Task R29_bad_queries_are_400_and_name_the_field(string query, string field)
    {
        var problem = await AssertProblemAsync(await Client.GetAsync($"/api/doctors/{DoctorId}/slots?{query}"), 400, "invalid_request");

        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task R29_an_unknown_doctor_is_404()
    {
        await AssertProblemAsync(await Client.GetAsync($"/api/doctors/{Guid.NewGuid()}/slots"), 404, "not_found");
    }

    [Fact]
    public async Task An_unchanged_answer_is_304()
    {
        var path = $"/api/doctors/{DoctorId}/slots?from=2030-03-05&to=2030-03-05";
        var first = await Client.GetAsync(path);

        async Task<HttpStatusCode> AgainAsync()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(first.Headers.ETag!.Tag));
            return (await Client.SendAsync(request)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.NotModified, await AgainAsync());
        await BookAsync("05T09:00");
        Assert.Equal(HttpStatusCode.OK, await AgainAsync());
    }

    [Fact]
    public async Task The_earliest_times_over_several_doctors_come_in_order()
    {
        await using var db = App.OpenDatabase();
        var (early, _) = await db.AddDoctorAsync(hours: "08:00-08:30");
        var city = (await db.Doctors.FindAsync(early))!.City;
        (await db.Doctors.FindAsync(DoctorId))!.City = city;
        (await db.Doctors.FindAsync(DoctorId))!.IndexForSearch();
        await db.SaveChangesAsync();

        var found = await ReadAsync<ItemList<FoundSlot>>(await Client.GetAsync(
            $"/api/slots?specialty=TESTÍNG&city={city.ToUpperInvariant()}&from=2030-03-05&to=2030-03-06&limit=3&modality=online"));

        Assert.Equal(
            [(early, Lima("05T08:00")), (DoctorId, Lima("05T09:00")), (DoctorId, Lima("05T09:15"))],
            found.Items.Select(s => (s.DoctorId, s.Start)));
        Assert.All(found.Items, s => Assert.Equal(Modality.Online, s.Modality));
    }

    [Fact]
    public async Task Each_of_the_asked_doctors_contributes_no_more_than_its_share()
    {
        await using var db = App.OpenDatabase();
        var (other, _) = await db.AddDoctorAsync();

        var found = await ReadAsync<ItemList<FoundSlot>>(await Client.GetAsync($"/api/slots?doctorId={DoctorId}&doctorId={other}&perDoctor=2&from=2030-03-05"));

        Assert.Equal(
            new[] { (DoctorId, Lima("05T09:00")), (DoctorId, Lima("05T09:15")), (other, Lima("05T09:00")), (other, Lima("05T09:15")) }.ToHashSet(),
            found.Items.Select(s => (s.DoctorId, s.Start)).ToHashSet());
        await AssertProblemAsync(await Client.GetAsync("/api/slots?doctorId=7"), 400, "invalid_request");
    }

    [Fact]
    public async Task The_earliest_times_are_all_of_them_also_where_the_first_days_have_too_few()
    {
        await BookAsync("05T09:00");
        var slots = await SlotsAsync("from=2030-03-05&to=2030-03-20");

        foreach (var limit in new[] { 1, 60, 100 })
        {
            var found = await ReadAsync<ItemList<FoundSlot>>(await Client.GetAsync($"/api/slots?doctorId={DoctorId}&from=2030-03-05&to=2030-03-20&limit={limit}"));

            Assert.Equal(slots.Days.SelectMany(d => d.Slots).Select(s => s.Start).Take(limit), found.Items.Select(s => s.Start));
            Assert.Equal(limit, found.Items.Count);
        }
    }

    [Fact]
    public async Task R2_the_number_of_SQL_commands_grows_neither_with_doctors_nor_with_days()
    {
        await using var db = App.OpenDatabase();
        for (var i = 0; i < 3; i++)
        {
            await db.AddDoctorAsync();
        }

        using var commands = new SqlCommandCounter(Api);
        async Task<int> CountAsync(string query)
        {
            commands.Reset();
            await ReadAsync<ItemList<FoundSlot>>(await Client.GetAsync($"/api/slots?{query}"));
            return commands.Count;
        }

        // Which doctors match, their calendars, and once those setups that this instance has not read yet.
        Assert.Equal(1 + CalendarReader.CommandCount + 1, await CountAsync("from=2030-03-05&to=2030-03-05"));

        // Which doctors match, then their calendars: of one day, or of the first of many, where there is enough.
        Assert.Equal(1, await CountAsync($"city=none-{Guid.NewGuid()}"));
        Assert.Equal(1 + CalendarReader.CommandCount, await CountAsync("specialty=testing&from=2030-03-05&to=2030-03-05"));
        Assert.Equal(1 + CalendarReader.CommandCount, await CountAsync("from=2030-03-05&to=2030-04-04&limit=20"));

        // And of all days, where the first have too few, or none.
        Assert.Equal(1 + (2 * CalendarReader.CommandCount), await CountAsync($"doctorId={DoctorId}&from=2030-03-05&to=2030-04-04&limit=100"));
        Assert.Equal(1 + (2 * CalendarReader.CommandCount), await CountAsync($"doctorId={DoctorId}&from=2030-03-05&to=2030-04-04&limit=2&perDoctor=1"));
    }

    [Fact]
    public async Task R2_a_cached_slot_search_sends_no_SQL_at_all()
    {
        using var commands = new SqlCommandCounter(Api);
        var cold = await FreeTimesAsync("05");
        Assert.Equal(CalendarReader.CommandCount + 1, commands.Count);
        commands.Reset();

        var warm = await FreeTimesAsync("05");

        Assert.Equal((cold, 0), (warm, commands.Count));
    }

    [Fact]
    public async Task R5_a_change_in_SQL_that_nobody_told_of_shows_when_the_kept_answer_has_had_its_time()
    {
        Assert.StartsWith("09:00", await FreeTimesAsync("05"), StringComparison.Ordinal);
        await using var db = App.OpenDatabase();
        await db.Database.ExecuteSqlAsync($"UPDATE clinic.weekly_windows SET starts_at = '12:00' WHERE doctor_id = {DoctorId}");
        Assert.StartsWith("09:00", await FreeTimesAsync("05"), StringComparison.Ordinal);

        Api.Clock.MoveTo(Api.Clock.GetUtcNow() + SlotAnswer.Life);

        Assert.StartsWith("12:00", await FreeTimesAsync("05"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kept_answer_is_not_given_when_time_has_taken_a_slot_away()
    {
        await using var ahead = ApiInstance.Start(App);
        ahead.Clock.MoveTo(Lima("05T09:00"));
        Assert.StartsWith("09:00 09:15", await FreeTimesAsync("05"), StringComparison.Ordinal);

        // At its very start a time can still be booked.
        Assert.StartsWith("09:00 09:15", await FreeTimesAsync("05", ahead.Client), StringComparison.Ordinal);
        ahead.Clock.MoveTo(Lima("05T09:00").AddTicks(1));
        Assert.StartsWith("09:15", await FreeTimesAsync("05", ahead.Client), StringComparison.Ordinal);

        // Nor to somebody whose clock shows an earlier time than the one it was computed at.
        Assert.StartsWith("09:00 09:15", await FreeTimesAsync("05"), StringComparison.Ordinal);
    }

    private async Task<DoctorSlots> SlotsAsync(string query) =>
        await ReadAsync<DoctorSlots>(await Client.GetAsync($"/api/doctors/{DoctorId}/slots?treatmentId={TreatmentId}&{query}"));
}
