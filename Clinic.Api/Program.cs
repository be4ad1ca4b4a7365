using Clinic.Api.Accounts;
using Clinic.Api.Appointments;
using Clinic.Api.Auth;
using Clinic.Api.Dependencies;
using Clinic.Api.Doctors;
using Clinic.Api.Guards;
using Clinic.Api.Mail;
using Clinic.Api.Notifications;
using Clinic.Api.Patients;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Api.Schedules;
using Clinic.Api.Slots;
using Clinic.Api.Sweeping;
using Clinic.Core.Contracts;

var builder = WebApplication.CreateBuilder(args);

// Telemetry, health, clock, HTTP clients
builder.AddServiceDefaults();

// Postgres and Redis
builder.AddClinicDatabase();
builder.AddClinicCache();

// HTTP: JSON, errors, documentation; and what guards the door
builder.Services.ConfigureHttpJsonOptions(json => ClinicJson.Configure(json.SerializerOptions));
builder.AddProblems();
builder.Services.AddApiDocument();
builder.AddGuards();
builder.AddSignIn();
builder.AddMail();

// Features
builder.Services.AddDoctors();
builder.Services.AddSlots();
builder.Services.AddSchedules();
builder.Services.AddPatients();
builder.Services.AddAppointments();
builder.Services.AddNotifications();
builder.Services.AddAccounts();
builder.Services.AddHousekeeping();

var app = builder.Build();

app.UseProblems();
app.UseGuards();
app.MapDefaultEndpoints();
app.MapApiDocument();
app.MapDevMail();
var guarded = app.MapGuarded();
guarded.MapSignIn();
guarded.MapAccounts();
guarded.MapDoctors();
guarded.MapSlots();
guarded.MapSchedules();
guarded.MapPatients();
guarded.MapAppointments();
app.Run();
