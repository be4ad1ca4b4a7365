using Clinic.Api.Appointments;
using Clinic.Api.Dependencies;
using Clinic.Api.Doctors;
using Clinic.Api.Notifications;
using Clinic.Api.Patients;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Api.Schedules;
using Clinic.Api.Slots;
using Clinic.Core.Contracts;

var builder = WebApplication.CreateBuilder(args);

// Telemetry, health, clock, HTTP clients
builder.AddServiceDefaults();

// Postgres and Redis
builder.AddClinicDatabase();
builder.AddClinicCache();
builder.AddDependencyChecks();

// HTTP: JSON, limits, errors, documentation
builder.Services.ConfigureHttpJsonOptions(json => ClinicJson.Configure(json.SerializerOptions));
builder.AddRequestLimits();
builder.AddProblems();
builder.Services.AddOpenApi(ApiDocument.Configure);

// Features
builder.Services.AddDoctors();
builder.Services.AddSlots();
builder.Services.AddSchedules();
builder.Services.AddPatients();
builder.Services.AddAppointments();
builder.Services.AddNotifications();

var app = builder.Build();

app.UseProblems();

app.MapDefaultEndpoints();
app.MapOpenApi();
app.UseSwaggerUI(ui => ApiDocument.ConfigurePage(ui));
app.MapDoctors();
app.MapSlots();
app.MapSchedules();
app.MapPatients();
app.MapAppointments();

app.Run();
