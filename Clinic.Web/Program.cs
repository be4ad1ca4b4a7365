using Clinic.Web.Api;
using Clinic.Web.Booking;
using Clinic.Web.Guards;
using Clinic.Web.Layout;
using Clinic.Web.MyAppointments;
using Clinic.Web.Sessions;
using Clinic.Web.SignIn;
using Clinic.Web.Zones;

var builder = WebApplication.CreateBuilder(args);

// Telemetry, health, service addresses and resilience.
builder.AddServiceDefaults();

// Who comes through the door, and as whom.
builder.Services.AddGuards();
builder.Services.AddVisitorSessions();
builder.Services.AddSignIn();

// Pages rendered on the server: plain HTML, links and form posts.
builder.Services.AddRazorComponents();

// What the pages are made of: the API, the viewer's time zone, free times, visits.
builder.Services.AddClinicApi();
builder.Services.AddScoped<ViewerZone>();
builder.Services.AddScoped<FreeTimes>();
builder.Services.AddScoped<Visits>();

var app = builder.Build();

app.UseGuards();

// Whatever goes wrong ends in a page with the right status.
app.UseExceptionHandler("/error", createScopeForErrors: true);
app.UseStatusCodePagesWithReExecute("/status/{0}", createScopeForStatusCodePages: true);

app.UseViewerZone();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.UseExpiredForms();

app.MapDefaultEndpoints();
app.MapStaticAssets();
app.MapSignOut();
app.MapRazorComponents<App>();

app.Run();
