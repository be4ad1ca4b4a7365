using System.Net;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Data.Messages;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Api;

public sealed class BookingTests(ClinicApp app) : ApiTest(app)
{
    [Fact]
    public async Task A_booked_visit_can_be_read_and_has_its_history_and_messages()
    {
        // Finer than Postgres keeps it.
        Api.Clock.MoveTo(FixedClock.Start.AddTicks(7));

        var response = await PostAsync("/api/appointments", Visit("06T09:00"));

        var booked = await ReadAsync<AppointmentDetails>(response, HttpStatusCode.Created);
        Assert.Equal($"/api/appointments/{booked.Id}", response.Headers.Location?.ToString());
        Assert.Equal($"\"{booked.Version}\"", response.Headers.ETag?.Tag);
        Assert.Equal((Lima("06T09:00"), Lima("06T09:30"), AppointmentStatus.Scheduled), (booked.Start, booked.End, booked.Status));

        var read = await ReadAsync<AppointmentDetails>(await Client.GetAsync(response.Headers.Location));
        Assert.Equal(booked, read);

        var history = await ReadAsync<ItemList<HistoryEntry>>(await Client.GetAsync($"/api/appointments/{booked.Id}/history"));
        var entry = Assert.Single(history.Items);
        Assert.Equal((AppointmentAction.Book, null, AppointmentStatus.Scheduled), (entry.Action, entry.FromStatus, entry.ToStatus));

        await using var db = App.OpenDatabase();
        var messages = await db.Outbox.Where(m => m.AppointmentId == booked.Id).OrderBy(m => m.DueAt).ToListAsync();
        Assert.Equal([MessageKind.Booked, MessageKind.Reminder], messages.Select(m => m.Kind));
        Assert.Equal(Lima("05T09:00"), messages[1].DueAt);
    }

    [Fact]
    public async Task R8_booking_half_an_hour_takes_its_quarters_away_and_no_more()
    {
        await BookAsync("05T09:00");

        Assert.StartsWith("09:30 09:45", await FreeTimesAsync("05"), StringComparison.Ordinal);
        await AssertProblemAsync(await PostAsync("/api/appointments", Visit("05T09:15")), 409, "slot_taken");
        await BookAsync("05T09:30");
    }

    [Fact]
    public async Task R6_of_fifty_parallel_posts_for_one_slot_exactly_one_is_booked()
    {
        await using var db = App.OpenDatabase();
        var patients = await db.AddPatientsAsync(50);
        for (var round = 0; round < 20; round++)
        {
            var start = $"{5 + (round / 10):00}T{9 + ((round % 10) / 2):00}:{(round % 2) * 30:00}";

            var responses = await Task.WhenAll(patients.Select(patient => PostAsync("/api/appointments", Visit(start, patient))));

            var outcomes = responses.CountBy(r => (int)r.StatusCode).OrderBy(o => o.Key);
            Assert.Equal([new(201, 1), new(409, 49)], outcomes);
        }

        await AssertNoOverlapAsync();
    }

    [Fact]
    public async Task R6_staggered_overlaps_never_overlap()
    {
        await using var db = App.OpenDatabase();
        var patients = await db.AddPatientsAsync(32);

        var responses = await Task.WhenAll(patients.Select((patient, i) =>
            PostAsync("/api/appointments", Visit($"05T{9 + (i % 8 / 4):00}:{(i % 4) * 15:00}", patient))));

        Assert.All(responses, r => Assert.True((int)r.StatusCode is 201 or 409));
        // Two hours of starts at each quarter hold at least three visits of half an hour, and at most five.
        Assert.InRange(responses.Count(r => r.StatusCode == HttpStatusCode.Created), 3, 5);
        await AssertNoOverlapAsync();
    }

    [Fact]
    public async Task R9_a_patient_cannot_be_at_two_doctors_at_once()
    {
        await using var db = App.OpenDatabase();
        var (otherDoctor, otherTreatment) = await db.AddDoctorAsync();
        await BookAsync("05T09:00");

        var overlapping = Visit("05T09:15", doctorId: otherDoctor, treatmentId: otherTreatment);
        await AssertProblemAsync(await PostAsync("/api/appointments", overlapping), 409, "patient_busy");

        var touching = Visit("05T09:30", doctorId: otherDoctor, treatmentId: otherTreatment);
        await ReadAsync<AppointmentDetails>(await PostAsync("/api/appointments", touching), HttpStatusCode.Created);
    }

    [Fact]
    public async Task R9_of_parallel_posts_of_one_patient_to_many_doctors_exactly_one_is_booked()
    {
        await using var db = App.OpenDatabase();
        var doctors = new List<(Guid DoctorId, Guid TreatmentId)>();
        for (var i = 0; i < 8; i++)
        {
            doctors.Add(await db.AddDoctorAsync());
        }

        var responses = await Task.WhenAll(doctors.Select(d =>
            PostAsync("/api/appointments", Visit("05T09:00", doctorId: d.DoctorId, treatmentId: d.TreatmentId))));

        Assert.Equal([new(201, 1), new(409, 7)], responses.CountBy(r => (int)r.StatusCode).OrderBy(o => o.Key));
    }

    [Theory]
    [InlineData("04T06:45", "in_the_past")]
    [InlineData("05T08:45", "outside_availability")]
    [InlineData("05T16:45", "outside_availability")]
    [InlineData("05T09:10", "not_on_grid")]
    public async Task R10_a_time_that_is_not_offered_is_refused_with_the_reason(string start, string code)
    {
        await AssertProblemAsync(await PostAsync("/api/appointments", Visit(start)), 422, code);
    }

    [Fact]
    public async Task R10_notice_and_horizon_are_kept()
    {
        await using var db = App.OpenDatabase();
        var (doctor, treatment) = await db.AddDoctorAsync(new(SlotMinutes: 15, BufferMinutes: 0, MinNoticeMinutes: 24 * 60, HorizonDays: 3));

        await AssertProblemAsync(
            await PostAsync("/api/appointments", Visit("04T16:00", doctorId: doctor, treatmentId: treatment)), 422, "too_soon");
        await AssertProblemAsync(
            await PostAsync("/api/appointments", Visit("08T09:00", doctorId: doctor, treatmentId: treatment)), 422, "beyond_horizon");
        await ReadAsync<AppointmentDetails>(
            await PostAsync("/api/appointments", Visit("07T09:00", doctorId: doctor, treatmentId: treatment)), HttpStatusCode.Created);
    }

    [Fact]
    public async Task Another_doctors_treatment_is_not_offered()
    {
        await using var db = App.OpenDatabase();
        var (_, foreignTreatment) = await db.AddDoctorAsync();

        await AssertProblemAsync(
            await PostAsync("/api/appointments", Visit("05T09:00", treatmentId: foreignTreatment)), 422, "treatment_not_offered");
    }

    [Fact]
    public async Task R29_an_unknown_doctor_or_patient_is_404()
    {
        await AssertProblemAsync(await PostAsync("/api/appointments", Visit("05T09:00", doctorId: Guid.NewGuid())), 404, "not_found");
        await AssertProblemAsync(await PostAsync("/api/appointments", Visit("05T09:00", patientId: Guid.NewGuid())), 404, "not_found");
    }

    [Fact]
    public async Task R4_booking_does_not_read_the_cache()
    {
        Assert.StartsWith("09:00", await FreeTimesAsync("05"), StringComparison.Ordinal);
        await using var db = App.OpenDatabase();
        // Behind the API's back, so that its cache still calls the time free.
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO clinic.appointments (id, doctor_id, patient_id, treatment_id, starts_at, ends_at, modality, status, sequence, created_at)
            VALUES ({Guid.NewGuid()}, {DoctorId}, {PatientId}, {TreatmentId}, {Lima("05T09:00").UtcDateTime}, {Lima("05T09:30").UtcDateTime},
                    'in_person', 'scheduled', 0, now())
            """);
        var other = (await db.AddPatientsAsync(1)).Single();
        Assert.StartsWith("09:00", await FreeTimesAsync("05"), StringComparison.Ordinal);

        await AssertProblemAsync(await PostAsync("/api/appointments", Visit("05T09:00", other)), 409, "slot_taken");
    }
}
