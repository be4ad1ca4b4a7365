using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Doctors;
using Clinic.Data.Patients;

namespace Clinic.Tests.Fixtures;

/// <summary>Doctors and patients that belong to one test.</summary>
internal static class Clinics
{
    /// <summary>A doctor in Lima, open every day from 09:00 to 17:00, with one treatment of 30 minutes in both modalities.</summary>
    public static async Task<(Guid DoctorId, Guid TreatmentId)> AddDoctorAsync(
        this ClinicDbContext db, BookingRules? rules = null, string zone = "America/Lima", string hours = "09:00-17:00", int minutes = 30)
    {
        var booking = rules ?? new BookingRules(SlotMinutes: 15, BufferMinutes: 0, MinNoticeMinutes: 0, HorizonDays: 60);
        var id = Guid.CreateVersion7();
        var doctor = new Doctor
        {
            Id = id,
            FullName = $"Dra. Prueba {id:N}",
            Specialty = "Testing",
            City = $"City {id:N}",
            TimeZone = zone,
            SlotMinutes = booking.SlotMinutes,
            BufferMinutes = booking.BufferMinutes,
            MinNoticeMinutes = booking.MinNoticeMinutes,
            HorizonDays = booking.HorizonDays,
            CreatedAt = FixedClock.Start,
        }.IndexForSearch();
        var treatment = new Treatment
        {
            Id = Guid.CreateVersion7(),
            DoctorId = id,
            Name = "Consultation",
            Price = 120,
            Currency = "PEN",
            DurationMinutes = minutes,
            InPerson = true,
            Online = true,
        };
        doctor.Treatments.Add(treatment);
        doctor.WeeklyWindows.AddRange(Enum.GetValues<DayOfWeek>().Select(day => new WeeklyWindow
        {
            Id = Guid.CreateVersion7(),
            DoctorId = id,
            DayOfWeek = day,
            StartsAt = TimeOnly.Parse(hours.Split('-')[0]),
            EndsAt = TimeOnly.Parse(hours.Split('-')[1]),
            Modality = WindowModality.Any,
        }));
        db.Doctors.Add(doctor);
        await db.SaveChangesAsync();
        return (id, treatment.Id);
    }

    public static async Task<Guid[]> AddPatientsAsync(this ClinicDbContext db, int count)
    {
        var patients = Enumerable.Range(0, count).Select(i => new Patient
        {
            Id = Guid.CreateVersion7(),
            FullName = $"Paciente {i}",
            Email = $"p{i}@patients.example",
            CreatedAt = FixedClock.Start,
        }).ToList();
        db.Patients.AddRange(patients);
        await db.SaveChangesAsync();
        return [.. patients.Select(p => p.Id)];
    }
}
