using Clinic.Core.Accounts;
using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;
using Clinic.Data.Accounts;
using Clinic.Data.Appointments;
using Clinic.Data.Doctors;
using Clinic.Data.Idempotency;
using Clinic.Data.Messages;
using Clinic.Data.Patients;
using Clinic.Data.Seeding;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace Clinic.Data;

/// <summary>The clinic's tables, all in schema <c>clinic</c>, snake_case. Schema changes come from <c>Migrations/</c> alone.</summary>
public sealed class ClinicDbContext(DbContextOptions<ClinicDbContext> options) : DbContext(options)
{
    public const string Schema = "clinic";

    /// <summary>Name of the database resource and of its connection string.</summary>
    public const string ConnectionName = "clinicdb";

    public DbSet<Doctor> Doctors => Set<Doctor>();

    public DbSet<Treatment> Treatments => Set<Treatment>();

    public DbSet<WeeklyWindow> WeeklyWindows => Set<WeeklyWindow>();

    public DbSet<DatedException> Exceptions => Set<DatedException>();

    public DbSet<Patient> Patients => Set<Patient>();

    public DbSet<Appointment> Appointments => Set<Appointment>();

    public DbSet<AuditEntry> AuditTrail => Set<AuditEntry>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    public DbSet<IdempotentResponse> IdempotencyKeys => Set<IdempotentResponse>();

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<SignInCode> SignInCodes => Set<SignInCode>();

    public DbSet<SignInSession> SignInSessions => Set<SignInSession>();

    public DbSet<SeedRun> SeedHistory => Set<SeedRun>();

    /// <summary>What every user of the context passes to <c>UseNpgsql</c>: enum types, migrations table, telemetry, retries.</summary>
    public static void Configure(NpgsqlDbContextOptionsBuilder npgsql) => npgsql
        .MigrationsHistoryTable("schema_migrations", Schema)
        .MapEnum<Modality>("modality", Schema)
        .MapEnum<WindowModality>("window_modality", Schema)
        .MapEnum<ExceptionKind>("exception_kind", Schema)
        .MapEnum<AppointmentStatus>("appointment_status", Schema)
        .MapEnum<AppointmentAction>("appointment_action", Schema)
        .MapEnum<MessageKind>("message_kind", Schema)
        .MapEnum<AccountRole>("account_role", Schema)
        .ConfigureDataSource(DatabaseSpans.Configure)
        // A caller waits: two quick retries mend a dropped connection, more would only delay the honest 503.
        .EnableRetryOnFailure(maxRetryCount: 2, maxRetryDelay: TimeSpan.FromMilliseconds(200), errorCodesToAdd: null);

    /// <summary>Whether the connection string proves who connects; only in Production it must.</summary>
    public static bool ProvesIdentity(NpgsqlConnectionStringBuilder database) =>
        !string.IsNullOrEmpty(database.Password) || !string.IsNullOrEmpty(database.Passfile) || !string.IsNullOrEmpty(database.SslCertificate);

    /// <summary>Every index is asked for: one that only keeps a foreign key company would cost each booking and help nobody.</summary>
    protected override void ConfigureConventions(ModelConfigurationBuilder configuration) =>
        configuration.Conventions.Remove<ForeignKeyIndexConvention>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.HasDefaultSchema(Schema);
        model.ApplyConfigurationsFromAssembly(typeof(ClinicDbContext).Assembly);
        SnakeCase.Apply(model);
    }
}
