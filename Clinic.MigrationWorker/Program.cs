using Clinic.MigrationWorker.Accounts;
using Clinic.MigrationWorker.Configuration;
using Clinic.MigrationWorker.Database;
using Clinic.MigrationWorker.Running;
using Clinic.MigrationWorker.Storage;

// Prepares the database and ends: migrations, seed files, generated patients and visits. The API starts only after this
// process has ended with exit code 0.

// Settings lie beside the program, so that it finds them from whatever folder it is started.
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});

// Telemetry and clock.
builder.AddServiceDefaults();

// What is to be seeded (Seed:…, Accounts:…), checked before anything else is done.
builder.AddSeedOptions();
builder.Services.AddSingleton(_ => AccountOptions.Read(builder.Configuration, builder.Environment));

// Where it goes: the connection string "clinicdb".
builder.AddClinicDatabase();

// What does it.
builder.Services.AddSingleton<SeedMetrics>();
builder.Services.AddSingleton<DatabaseInitializer>();

using var host = builder.Build();
return await host.RunToEndAsync();
