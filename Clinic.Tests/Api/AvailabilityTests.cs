using System.Net;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Doctors;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Api;

/// <summary>R10, R13, R30: a doctor's hours with all that they may have, from the schedule that is put to the visit that is booked.</summary>
public sealed class AvailabilityTests(ClinicApp app) : ApiTest(app)
{
    [Fact]
    public async Task R10_breaks_shifts_over_midnight_closures_extra_hours_and_modalities_make_the_times_that_can_be_booked()
    {
        var hour = await AddHourOnlineAsync();
        await ReadAsync<ScheduleDetails>(await SendAsync(HttpMethod.Put, $"/api/doctors/{DoctorId}/schedule", new ReplaceSchedule
        {
            SlotMinutes = 30,
            BufferMinutes = 10,
            MinNoticeMinutes = 60,
            HorizonDays = 2,
            Weekly =
            [
                Window(DayOfWeek.Monday, "07:30", "09:00"),
                Window(DayOfWeek.Tuesday, "09:00", "10:00", WindowModality.InPerson),
                Window(DayOfWeek.Tuesday, "10:40", "11:40", WindowModality.Online),
                Window(DayOfWeek.Tuesday, "22:00", "01:00"),
                Window(DayOfWeek.Thursday, "09:00", "10:00"),
            ],
        }));
        await AddAsync("05T22:30", "05T23:00", ExceptionKind.Closed);
        await AddAsync("05T15:10", "05T16:10", ExceptionKind.Open);

        // Monday, seven in the morning: an hour's notice leaves two; the horizon ends on Wednesday.
        Assert.Equal(("08:00 08:30", ""), (await FreeTimesAsync("04"), await FreeTimesAsync("07")));
        Assert.Equal("09:00 09:30 10:40 11:10 15:10 15:40 22:00 23:00 23:30", await FreeTimesAsync("05"));
        Assert.Equal("00:00 00:30", await FreeTimesAsync("06"));
        Assert.Equal(("10:40 15:10 23:00 23:30", "00:00"), (await TimesAsync("05", hour), await TimesAsync("06", hour)));

        var late = Visit("05T23:30", treatmentId: hour) with { Modality = Modality.Online };
        var booked = await ReadAsync<AppointmentDetails>(await PostAsync("/api/appointments", late), HttpStatusCode.Created);
        Assert.Equal(Lima("06T00:30"), booked.End);
        // Ten minutes are kept free on either side.
        Assert.Equal("09:00 09:30 10:40 11:10 15:10 15:40 22:00", await FreeTimesAsync("05"));
        Assert.Equal("", await FreeTimesAsync("06"));

        foreach (var (start, modality, code) in new[]
        {
            ("05T09:00", Modality.Online, "outside_availability"),
            ("05T10:40", Modality.InPerson, "outside_availability"),
            ("05T10:10", Modality.InPerson, "outside_availability"),
            ("05T22:30", Modality.Online, "outside_availability"),
            ("05T15:00", Modality.InPerson, "outside_availability"),
            ("05T15:30", Modality.InPerson, "not_on_grid"),
            ("04T07:30", Modality.InPerson, "too_soon"),
            ("07T09:00", Modality.InPerson, "beyond_horizon"),
        })
        {
            await AssertProblemAsync(await PostAsync("/api/appointments", Visit(start) with { Modality = modality }), 422, code);
        }

        await AssertProblemAsync(await PostAsync("/api/appointments", Visit("05T09:00", treatmentId: hour)), 422, "treatment_not_offered");
    }

    private static WeeklyHours Window(DayOfWeek day, string start, string end, WindowModality modality = WindowModality.Any) =>
        new(day, TimeOnly.Parse(start), TimeOnly.Parse(end), modality);

    private async Task AddAsync(string start, string end, ExceptionKind kind) => await ReadAsync<ExceptionDetails>(
        await PostAsync($"/api/doctors/{DoctorId}/exceptions", new AddException { Start = Lima(start).DateTime, End = Lima(end).DateTime, Kind = kind }),
        HttpStatusCode.Created);

    private async Task<string> TimesAsync(string day, Guid treatmentId)
    {
        var slots = await ReadAsync<DoctorSlots>(
            await Client.GetAsync($"/api/doctors/{DoctorId}/slots?from=2030-03-{day}&to=2030-03-{day}&treatmentId={treatmentId}"));
        return string.Join(' ', slots.Days.Single().Slots.Select(s => s.Start.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private async Task<Guid> AddHourOnlineAsync()
    {
        await using var db = App.OpenDatabase();
        var treatment = new Treatment
        {
            Id = Guid.CreateVersion7(),
            DoctorId = DoctorId,
            Name = "Long call",
            Price = 200,
            Currency = "PEN",
            DurationMinutes = 60,
            InPerson = false,
            Online = true,
        };
        db.Treatments.Add(treatment);
        await db.SaveChangesAsync();
        return treatment.Id;
    }
}
