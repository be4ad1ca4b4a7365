using Clinic.Web.Api;
using Clinic.Web.Booking;
using Clinic.Web.Layout;
using Clinic.Web.MyAppointments;
using Clinic.Web.Zones;

var builder = WebApplication.CreateBuilder(args);

// Telemetry, health, service addresses and resilience.
builder.AddServiceDefaults();

// Pages rendered on the server: plain HTML, links and form posts.
builder.Services.AddRazorComponents();

// What the pages are made of: the API, the viewer's time zone, free times, visits.
builder.Services.AddClinicApi();
builder.Services.AddScoped<ViewerZone>();
builder.Services.AddScoped<FreeTimes>();
builder.Services.AddScoped<Visits>();

var app = builder.Build();

// Whatever goes wrong ends in a page with the right status.
app.UseExceptionHandler("/error", createScopeForErrors: true);
app.UseStatusCodePagesWithReExecute("/status/{0}", createScopeForStatusCodePages: true);

app.UseViewerZone();
app.UseAntiforgery();

app.MapDefaultEndpoints();
app.MapStaticAssets();
app.MapRazorComponents<App>();

app.Run();
