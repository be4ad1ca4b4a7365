using Clinic.Core.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Doctors;

/// <summary>Somebody who receives patients. Booking locks this row first: one doctor's calendar changes one step at a time.</summary>
public sealed class Doctor
{
    /// <summary>No doctor keeps more free around a visit, so whoever looks for overlaps need look no further.</summary>
    public const int MaxBufferMinutes = 240;

    public required Guid Id { get; init; }

    public required string FullName { get; set; }

    public required string Specialty { get; set; }

    public required string City { get; set; }

    public string? About { get; set; }

    /// <summary>IANA zone of the weekly hours and exceptions.</summary>
    public required string TimeZone { get; set; }

    public required int SlotMinutes { get; set; }

    public required int BufferMinutes { get; set; }

    public required int MinNoticeMinutes { get; set; }

    public required int HorizonDays { get; set; }

    public int ChangeNoticeMinutes { get; set; }

    /// <summary>Name and specialty as <see cref="Data.SearchText.Fold"/> leaves them.</summary>
    public string SearchText { get; private set; } = "";

    /// <summary>The specialty, folded likewise.</summary>
    public string SpecialtyKey { get; private set; } = "";

    /// <summary>The city, folded likewise.</summary>
    public string CityKey { get; private set; } = "";

    public required DateTimeOffset CreatedAt { get; init; }

    public List<Treatment> Treatments { get; } = [];

    public List<WeeklyWindow> WeeklyWindows { get; } = [];

    public List<DatedException> Exceptions { get; } = [];

    public BookingRules Rules => new(SlotMinutes, BufferMinutes, MinNoticeMinutes, HorizonDays, ChangeNoticeMinutes);

    /// <summary>When the doctor receives patients, by this record as it is loaded: windows and exceptions must be.</summary>
    public Availability ToAvailability() => new(
        TimeZones.Find(TimeZone), Rules, [.. WeeklyWindows.Select(w => w.ToHours())], [.. Exceptions.Select(e => e.ToException())]);

    /// <summary>To be called after the name, the specialty or the city was set.</summary>
    public Doctor IndexForSearch()
    {
        SearchText = Data.SearchText.Fold($"{FullName} {Specialty}");
        SpecialtyKey = Data.SearchText.Fold(Specialty);
        CityKey = Data.SearchText.Fold(City);
        return this;
    }
}

internal sealed class DoctorConfiguration : IEntityTypeConfiguration<Doctor>
{
    public void Configure(EntityTypeBuilder<Doctor> doctor)
    {
        doctor.ToTable("doctors", table =>
        {
            table.HasComment("Who receives patients, and by which booking rules.");
            table.HasCheckConstraint("ck_doctors_slot_minutes", "slot_minutes BETWEEN 5 AND 240");
            table.HasCheckConstraint("ck_doctors_buffer_minutes", $"buffer_minutes BETWEEN 0 AND {Doctor.MaxBufferMinutes}");
            table.HasCheckConstraint("ck_doctors_min_notice_minutes", "min_notice_minutes BETWEEN 0 AND 43200");
            table.HasCheckConstraint("ck_doctors_horizon_days", "horizon_days BETWEEN 1 AND 730");
            table.HasCheckConstraint("ck_doctors_change_notice_minutes", "change_notice_minutes BETWEEN 0 AND 43200");
        });
        doctor.Property(d => d.Id).ValueGeneratedNever().HasComment("UUIDv7, made by the client.");
        doctor.Property(d => d.FullName).HasMaxLength(200).HasComment("As it is shown, title included.");
        doctor.Property(d => d.Specialty).HasMaxLength(100).HasComment("One per doctor, as Cardiology.");
        doctor.Property(d => d.City).HasMaxLength(100).HasComment("Where in-person visits take place.");
        doctor.Property(d => d.About).HasMaxLength(2000).HasComment("What patients read before they choose.");
        doctor.Property(d => d.TimeZone).HasMaxLength(64).HasComment("IANA zone of weekly hours and exceptions.");
        doctor.Property(d => d.SlotMinutes).HasComment("Minutes between two possible starts, counted from a window's start.");
        doctor.Property(d => d.BufferMinutes).HasComment("Minutes kept free between two visits.");
        doctor.Property(d => d.MinNoticeMinutes).HasComment("Minutes between booking and start, at least.");
        doctor.Property(d => d.HorizonDays).HasComment("Days after today that can be booked.");
        doctor.Property(d => d.ChangeNoticeMinutes).HasDefaultValue(0).HasComment("Minutes before its start up to which a patient may move or cancel a visit.");
        doctor.Property(d => d.SearchText).HasMaxLength(400).HasComment("Name and specialty without accents, in lower case.");
        doctor.Property(d => d.SpecialtyKey).HasMaxLength(100).HasComment("Specialty without accents, in lower case.");
        doctor.Property(d => d.CityKey).HasMaxLength(100).HasComment("City without accents, in lower case.");
        doctor.Property(d => d.CreatedAt).HasComment("When the record was made.");
        doctor.HasMany(d => d.Treatments).WithOne().HasForeignKey(t => t.DoctorId).OnDelete(DeleteBehavior.Restrict);
        doctor.HasMany(d => d.WeeklyWindows).WithOne().HasForeignKey(w => w.DoctorId).OnDelete(DeleteBehavior.Cascade);
        doctor.HasMany(d => d.Exceptions).WithOne().HasForeignKey(e => e.DoctorId).OnDelete(DeleteBehavior.Cascade);
        doctor.HasIndex(d => new { d.SpecialtyKey, d.CityKey });
    }
}
