using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Calendars;
using Clinic.MigrationWorker.Accounts;
using Clinic.MigrationWorker.Configuration;
using Clinic.MigrationWorker.Database;
using Clinic.MigrationWorker.Running;
using Clinic.MigrationWorker.Storage;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Clinic.Tests.Database;

/// <summary>R26: the worker run twice changes nothing. Each test has a database of its own on the real server.</summary>
public sealed class MigrationWorkerTests(ClinicApp app) : IAsyncLifetime
{
    private static readonly string DataFolder = Path.Combine(AppContext.BaseDirectory, "data");

    private readonly FixedClock _clock = new();
    private readonly SeedMetrics _metrics = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
    private string _database = "";

    public async ValueTask InitializeAsync() => _database = await app.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_default_seed_is_as_large_and_as_mixed_as_documented()
    {
        await RunAsync();

        await using var db = app.OpenDatabase(_database);
        Assert.Equal((20, 100), (await db.Doctors.CountAsync(), await db.Patients.CountAsync()));
        Assert.True(await db.Treatments.CountAsync() >= 80);
        Assert.True(await db.Exceptions.CountAsync() >= 100);
        Assert.True((await db.Doctors.Select(d => d.Specialty).Distinct().CountAsync()) >= 8);
        Assert.Equal(["Arequipa", "Cusco", "Lima"], await db.Doctors.Select(d => d.City).Distinct().OrderBy(c => c).ToListAsync());
        var visits = await db.Appointments.CountAsync();
        Assert.True(visits >= 300);
        foreach (var (status, share) in new[] { (AppointmentStatus.Scheduled, 0.7), (AppointmentStatus.Completed, 0.2), (AppointmentStatus.Cancelled, 0.1) })
        {
            Assert.Equal(share, await db.Appointments.CountAsync(a => a.Status == status) / (double)visits, tolerance: 0.01);
        }

        var now = _clock.GetUtcNow();
        Assert.False(await db.Appointments.AnyAsync(a => a.Status == AppointmentStatus.Completed && a.EndsAt > now));
        Assert.False(await db.Appointments.AnyAsync(a => a.Status == AppointmentStatus.Scheduled && a.StartsAt < now));
        Assert.Equal(0, await db.Outbox.CountAsync());
        Assert.Equal(visits, await db.AuditTrail.CountAsync(e => e.Action == AppointmentAction.Book));
    }

    [Fact]
    public async Task Every_seeded_visit_keeps_to_hours_grid_length_and_modality()
    {
        await RunAsync();

        await using var db = app.OpenDatabase(_database);
        await db.Database.OpenConnectionAsync();
        var doctors = await db.Doctors.Select(d => d.Id).ToArrayAsync();
        var all = new Interval(FixedClock.Start.AddYears(-1), FixedClock.Start.AddYears(1));
        var loaded = await new CalendarReader(new DoctorSetups())
            .LoadAsync((NpgsqlConnection)db.Database.GetDbConnection(), [.. doctors.Select(id => new WantedCalendar(id, all))], default);
        var calendars = loaded.ToDictionary(c => c!.DoctorId, c => c!);
        foreach (var visit in await db.Appointments.AsNoTracking().ToListAsync())
        {
            var calendar = calendars[visit.DoctorId];
            var treatment = calendar.Treatments.Single(t => t.Id == visit.TreatmentId);
            Assert.Equal(treatment.Duration, visit.EndsAt - visit.StartsAt);
            Assert.Contains(visit.Modality, treatment.Modalities);
            var anyNotice = calendar.Availability with { Rules = calendar.Availability.Rules with { MinNoticeMinutes = 0, HorizonDays = 730 } };
            Assert.Null(BookingCheck.Refuse(anyNotice, treatment.Duration, visit.Modality, visit.StartsAt, visit.StartsAt));
        }
    }

    [Fact]
    public async Task R26_the_worker_run_twice_changes_nothing()
    {
        await RunAsync();
        var before = await FingerprintAsync();
        _clock.MoveTo(FixedClock.Start.AddDays(40));

        await RunAsync(new SeedOptions { Folder = DataFolder, Patients = 7 });

        Assert.Equal(before, await FingerprintAsync());
    }

    [Fact]
    public async Task R26_workers_that_run_at_once_seed_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunAsync()));

        await using var db = app.OpenDatabase(_database);
        Assert.Equal(20, await db.Doctors.CountAsync());
        Assert.Equal(1, await db.SeedHistory.CountAsync());
    }

    [Fact]
    public async Task Reset_starts_over_and_keeps_the_doctors_ids()
    {
        await RunAsync();
        await using var db = app.OpenDatabase(_database);
        var doctors = await db.Doctors.Select(d => d.Id).OrderBy(id => id).ToListAsync();
        await db.AddPatientsAsync(1);

        await RunAsync(new SeedOptions { Folder = DataFolder, Patients = 12, AppointmentsPerDoctor = 2, Reset = true });

        await using var after = app.OpenDatabase(_database);
        Assert.Equal(doctors, await after.Doctors.Select(d => d.Id).OrderBy(id => id).ToListAsync());
        Assert.Equal((12, 40), (await after.Patients.CountAsync(), await after.Appointments.CountAsync()));
    }

    [Fact]
    public async Task An_API_that_runs_on_goes_on_after_a_reset()
    {
        await RunAsync();
        await using var api = ApiInstance.Start(_database, app.Redis, _clock);
        var before = await api.Client.GetFromJsonAsync<ItemList<FoundSlot>>("/api/slots?limit=1", ClinicJson.Options);
        Assert.Equal(HttpStatusCode.Created, await BookAsync(api.Client, before!.Items.Single()));

        await RunAsync(new SeedOptions { Folder = DataFolder, Reset = true });

        var after = await api.Client.GetFromJsonAsync<ItemList<FoundSlot>>("/api/slots?limit=1", ClinicJson.Options);
        Assert.Equal(before.Items.Single(), after!.Items.Single());
        Assert.Equal(HttpStatusCode.Created, await BookAsync(api.Client, after.Items.Single()));
    }

    [Fact]
    public async Task The_seed_scales_up_and_down()
    {
        await RunAsync(new SeedOptions { Folder = DataFolder, Doctors = 25, Patients = 500, AppointmentsPerDoctor = 100 });

        await using var db = app.OpenDatabase(_database);
        Assert.Equal((25, 500, 2500), (await db.Doctors.CountAsync(), await db.Patients.CountAsync(), await db.Appointments.CountAsync()));
    }

    [Theory]
    [InlineData("doctors.json", "\"fullName\":", "\"fullNam\":", "fullNam")]
    [InlineData("doctors.json", "America/Lima", "America/Lemur", "America/Lemur")]
    [InlineData("treatments.json", "[", "{", "treatments.json")]
    [InlineData("treatments.json", "\"price\": ", "\"price\": -", "price")]
    [InlineData("availability.json", "\"doctor\": \"", "\"doctor\": \"nobody-", "nobody-")]
    [InlineData("availability.json", "\"kind\": \"open\"", "\"kind\": \"ajar\"", "kind")]
    public async Task R26_a_broken_file_stops_the_worker_and_nothing_is_stored(string file, string find, string replace, string named)
    {
        var folder = Directory.CreateTempSubdirectory("clinic-seed-").FullName;
        foreach (var source in Directory.GetFiles(DataFolder, "*.json"))
        {
            File.Copy(source, Path.Combine(folder, Path.GetFileName(source)));
        }

        var broken = Path.Combine(folder, file);
        var text = await File.ReadAllTextAsync(broken);
        var at = text.IndexOf(find, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} does not hold {find}.");
        await File.WriteAllTextAsync(broken, text[..at] + replace + text[(at + find.Length)..]);

        var failure = await Assert.ThrowsAsync<WorkerFailure>(() => RunAsync(new SeedOptions { Folder = folder }));

        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        await using var db = app.OpenDatabase(_database);
        Assert.Equal(0, await db.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_namespace WHERE nspname = 'clinic'").SingleAsync());
        Directory.Delete(folder, recursive: true);
    }

    private Task RunAsync(SeedOptions? options = null, AccountOptions? accounts = null) => new DatabaseInitializer(
        new Contexts(_database), options ?? new SeedOptions { Folder = DataFolder }, accounts ?? AccountOptions.None, _metrics, _clock, NullLogger<DatabaseInitializer>.Instance)
        .RunAsync(TestContext.Current.CancellationToken);

    private static async Task<HttpStatusCode> BookAsync(HttpClient client, FoundSlot slot)
    {
        var doctor = (await client.GetFromJsonAsync<DoctorDetails>($"/api/doctors/{slot.DoctorId}", ClinicJson.Options))!;
        var registration = new RegisterPatient { FullName = "Rosa Quispe", Email = "rosa@patients.example" };
        using var registered = await client.PostAsJsonAsync("/api/patients", registration, ClinicJson.Options);
        var patient = (await registered.Content.ReadFromJsonAsync<PatientDetails>(ClinicJson.Options))!;
        var visit = new BookAppointment
        {
            DoctorId = slot.DoctorId,
            TreatmentId = doctor.Treatments.Where(t => t.Modalities.Contains(slot.Modality)).MinBy(t => t.DurationMinutes)!.Id,
            PatientId = patient.Id,
            Start = slot.Start,
            Modality = slot.Modality,
        };
        using var booked = await client.PostAsJsonAsync("/api/appointments", visit, ClinicJson.Options);
        return booked.StatusCode;
    }

    /// <summary>A hash of every row of every table.</summary>
    private async Task<string> FingerprintAsync()
    {
        await using var db = app.OpenDatabase(_database);
        return await db.Database.SqlQuery<string>(
            $"SELECT md5(schema_to_xml('clinic', true, false, '')::text) AS \"Value\"").SingleAsync();
    }

    private sealed class Contexts(string connectionString) : IDbContextFactory<ClinicDbContext>
    {
        private readonly PooledDbContextFactory<ClinicDbContext> _pool = new(
            new DbContextOptionsBuilder<ClinicDbContext>().UseNpgsql(connectionString, ClinicDbContext.Configure).Options);

        public ClinicDbContext CreateDbContext() => _pool.CreateDbContext();
    }
}
