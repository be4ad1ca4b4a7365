using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Clinic.Tests.Api;

/// <summary>What operators see of the API, and what they must not see. Each test has an instance whose exporter reaches nobody.</summary>
public sealed class TelemetryTests(ClinicApp app) : IAsyncLifetime
{
    private readonly TelemetryProbe _probe = new();
    private ApiInstance _api = null!;
    private Guid _doctor;
    private Guid _treatment;
    private Guid[] _patients = [];

    private IMeterFactory Meters => _api.Services.GetRequiredService<IMeterFactory>();

    public async ValueTask InitializeAsync()
    {
        _api = ApiInstance.Start(app, telemetry: _probe);
        await using var db = app.OpenDatabase();
        (_doctor, _treatment) = await db.AddDoctorAsync();
        _patients = await db.AddPatientsAsync(2);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _probe.Dispose();
    }

    [Fact]
    public async Task A_request_is_one_trace_named_after_its_route_down_to_Redis_and_Postgres()
    {
        using var caller = Caller();

        await _api.Client.GetAsync($"/api/doctors/{_doctor}/slots?treatmentId={_treatment}");

        var spans = await _probe.TraceAsync(caller.TraceId, Has("GET /api/doctors/{id}/slots"));
        var server = spans.Single(s => s.Kind == ActivityKind.Server);
        Assert.Equal("/api/doctors/{id}/slots", server.GetTagItem("http.route"));
        Assert.Equal(200, server.GetTagItem("http.response.status_code"));
        Assert.Equal("GET", server.GetTagItem("http.request.method"));
        Assert.Equal(ActivityStatusCode.Unset, server.Status);

        var redis = spans.Where(s => "redis".Equals(s.GetTagItem("db.system.name"))).ToList();
        Assert.Equal(["GET", "SET", "SET"], redis.OrderBy(s => s.StartTimeUtc).Select(s => s.DisplayName));
        Assert.All(redis, s => Assert.NotNull(s.GetTagItem("server.port")));
        var postgres = spans.Single(s => s.Source.Name == "Npgsql" && s.DisplayName == "SELECT clinic.doctors");
        Assert.Contains("$1", (string)postgres.GetTagItem("db.query.text")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_booking_has_spans_for_its_transaction_and_a_log_line_of_its_trace()
    {
        using var caller = Caller();

        var booked = await BookAsync("05T09:00", _patients[0]);

        var visit = (await booked.Content.ReadFromJsonAsync<AppointmentDetails>(ClinicJson.Options))!;
        var spans = await _probe.TraceAsync(caller.TraceId, Has("POST /api/appointments"));
        var server = spans.Single(s => s.Kind == ActivityKind.Server);
        var booking = spans.Single(s => s.DisplayName == "book appointment");
        Assert.Equal(server.SpanId, booking.ParentSpanId);
        Assert.Equal("booked", booking.GetTagItem("clinic.booking.outcome"));
        Assert.Equal(visit.Id.ToString(), booking.GetTagItem("clinic.appointment.id"));
        Assert.Contains(spans, s => s.Source.Name == "Npgsql" && s.ParentSpanId == booking.SpanId && s.DisplayName == "BATCH INSERT clinic.appointments");
        Assert.Contains(_probe.Logs, l => l.Contains(caller.TraceId.ToHexString(), StringComparison.Ordinal)
            && l.Contains($"Visit {visit.Id} of doctor {_doctor} is booked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refusals_are_no_errors_and_paths_that_lead_nowhere_give_no_name()
    {
        using var caller = Caller();

        await _api.Client.GetAsync($"/api/doctors/{Guid.NewGuid()}");
        await _api.Client.GetAsync("/somewhere/else");

        var spans = await _probe.TraceAsync(caller.TraceId, s => s.Count(x => x.Kind == ActivityKind.Server) == 2);
        Assert.Equal(
            [("GET", null, 404, ActivityStatusCode.Unset), ("GET /api/doctors/{id}", "/api/doctors/{id}", 404, ActivityStatusCode.Unset)],
            spans.Where(s => s.Kind == ActivityKind.Server)
                .Select(s => (s.DisplayName, (string?)s.GetTagItem("http.route"), (int)s.GetTagItem("http.response.status_code")!, s.Status))
                .OrderBy(s => s.DisplayName));
    }

    [Fact]
    public async Task A_failure_of_ours_is_an_error_that_keeps_the_name_of_its_route()
    {
        var nowhere = "Host=127.0.0.1;Port=1;Username=nobody;Password=secret-word;Database=none";
        using var probe = new TelemetryProbe();
        await using var broken = ApiInstance.Start(nowhere, app.Redis, telemetry: probe);
        using var caller = Caller();

        var response = await broken.Client.GetAsync($"/api/doctors/{_doctor}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var spans = await probe.TraceAsync(caller.TraceId, Has("GET /api/doctors/{id}"));
        var server = spans.Single(s => s.Kind == ActivityKind.Server);
        Assert.Equal((ActivityStatusCode.Error, 503), (server.Status, server.GetTagItem("http.response.status_code")));
        Assert.NotNull(server.GetTagItem("error.type"));
        AssertNowhere(probe, "secret-word");
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Health_checks_leave_no_spans_not_even_of_what_they_ask(string path)
    {
        using var caller = Caller();

        await _api.Client.GetAsync(path);
        await _api.Client.GetAsync("/api/doctors/choices");

        var spans = await _probe.TraceAsync(caller.TraceId, Has("GET /api/doctors/choices"));
        Assert.Single(spans, s => s.Kind == ActivityKind.Server);
        Assert.DoesNotContain(spans, s => ((string?)s.GetTagItem("db.query.text"))?.Contains("schema_migrations", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_patients_name_address_and_document_number_are_nowhere_in_the_telemetry()
    {
        using var caller = Caller();
        var mark = Guid.NewGuid().ToString("N")[..12];
        var patient = new RegisterPatient
        {
            FullName = $"Zoraida Quispe-{mark}",
            Email = $"zoraida.{mark}@patients.example",
            DocumentNumber = $"D{mark}",
            Phone = "+51 1 5550142",
        };

        var registered = await _api.Client.PostAsJsonAsync("/api/patients", patient, ClinicJson.Options);
        var details = (await registered.Content.ReadFromJsonAsync<PatientDetails>(ClinicJson.Options))!;
        // The same number with another address, a taken time, a search for the name, a broken body: what fails may quote.
        await _api.Client.PostAsJsonAsync("/api/patients", new { patient.FullName, patient.DocumentNumber, email = $"x{patient.Email}" }, ClinicJson.Options);
        var booked = await BookAsync("05T09:00", details.Id, $"Reason of {patient.FullName}");
        await BookAsync("05T09:00", details.Id, patient.FullName);
        await _api.Client.GetAsync($"/api/doctors?q={Uri.EscapeDataString(patient.FullName)}");
        await _api.Client.PostAsync("/api/patients", new StringContent($"{{\"fullName\": \"{patient.FullName}\", \"email\": {patient.Email}", null, "application/json"));
        await _api.Client.DeleteAsync(new Uri($"{booked.Headers.Location}?reason={Uri.EscapeDataString(patient.FullName)}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Created, booked.StatusCode);
        await _probe.TraceAsync(caller.TraceId, s => s.Count(x => x.Kind == ActivityKind.Server) == 7);
        AssertNowhere(_probe, mark);
        AssertNowhere(_probe, "Zoraida");
        AssertNowhere(_probe, "5550142");
    }

    [Fact]
    public async Task Bookings_are_counted_by_action_and_outcome()
    {
        var visit = (await (await BookAsync("05T09:00", _patients[0])).Content.ReadFromJsonAsync<AppointmentDetails>(ClinicJson.Options))!;
        await BookAsync("05T09:00", _patients[1]);
        await BookAsync("05T20:00", _patients[1]);
        var key = Guid.NewGuid().ToString();
        await BookAsync("05T11:00", _patients[0], key: key);
        await BookAsync("05T11:00", _patients[0], key: key);
        await _api.Client.PutAsJsonAsync($"/api/appointments/{visit.Id}", new { start = Lima("05T10:00") }, ClinicJson.Options);
        await _api.Client.DeleteAsync(new Uri($"/api/appointments/{visit.Id}", UriKind.Relative));

        Assert.Equal(
            [
                ("action=book outcome=booked", 2),
                ("action=book outcome=outside_availability", 1),
                ("action=book outcome=replayed", 1),
                ("action=book outcome=slot_taken", 1),
                ("action=cancel outcome=cancelled", 1),
                ("action=move outcome=moved", 1),
            ],
            Totals("clinic.bookings"));
        Assert.True(_probe.Of(Meters, "clinic.doctor_lock.wait.duration").Count() >= 5);
    }

    [Fact]
    public async Task Holds_and_the_days_work_are_counted_like_bookings()
    {
        var held = (await (await _api.Client.PostAsJsonAsync(
            "/api/appointments",
            new BookAppointment
            {
                DoctorId = _doctor,
                TreatmentId = _treatment,
                PatientId = _patients[0],
                Start = Lima("05T09:00"),
                Modality = Modality.InPerson,
                Hold = true,
            },
            ClinicJson.Options)).Content.ReadFromJsonAsync<AppointmentDetails>(ClinicJson.Options))!;
        foreach (var what in new[] { "complete", "confirm", "no-show", "check-in", "complete" })
        {
            await _api.Client.PostAsync(new Uri($"/api/appointments/{held.Id}/{what}", UriKind.Relative), null);
        }

        var missed = (await (await BookAsync("05T10:00", _patients[0])).Content.ReadFromJsonAsync<AppointmentDetails>(ClinicJson.Options))!;
        _api.Clock.MoveTo(Lima("05T10:15"));
        foreach (var what in new[] { "no-show", "undo-no-show" })
        {
            await _api.Client.PostAsync(new Uri($"/api/appointments/{missed.Id}/{what}", UriKind.Relative), null);
        }

        Assert.Equal(
            [
                ("action=book outcome=booked", 1),
                ("action=check_in outcome=checked_in", 1),
                ("action=complete outcome=completed", 1),
                ("action=complete outcome=invalid_transition", 1),
                ("action=confirm outcome=confirmed", 1),
                ("action=hold outcome=held", 1),
                ("action=no_show outcome=invalid_transition", 1),
                ("action=no_show outcome=no_show", 1),
                ("action=undo_no_show outcome=scheduled_again", 1),
            ],
            Totals("clinic.bookings"));
    }

    [Fact]
    public async Task Reads_of_the_slot_cache_are_counted_as_hits_misses_and_unavailable()
    {
        await _api.Client.GetAsync($"/api/doctors/{_doctor}/slots");
        await _api.Client.GetAsync($"/api/doctors/{_doctor}/slots");

        Assert.Equal([("result=hit", 1), ("result=miss", 1)], Totals("clinic.slot_cache.reads"));

        using var probe = new TelemetryProbe();
        await using var cacheless = ApiInstance.Start(app.Database, "127.0.0.1:1,connectTimeout=100,abortConnect=false", telemetry: probe);
        Assert.Equal(HttpStatusCode.OK, (await cacheless.Client.GetAsync($"/api/doctors/{_doctor}/slots")).StatusCode);
        var reads = probe.Of(cacheless.Services.GetRequiredService<IMeterFactory>(), "clinic.slot_cache.reads");
        Assert.Equal("result=unavailable", Assert.Single(reads).Tags);
    }

    [Fact]
    public async Task The_outbox_backlog_counts_due_messages_and_the_age_of_the_oldest()
    {
        // A database of its own: the shared one has the messages of other tests.
        var database = await app.CreateMigratedDatabaseAsync();
        await using var db = app.OpenDatabase(database);
        var (doctor, treatment) = await db.AddDoctorAsync();
        var patient = (await db.AddPatientsAsync(1)).Single();
        using var probe = new TelemetryProbe();
        await using var api = ApiInstance.Start(database, app.Redis, telemetry: probe);
        var meters = api.Services.GetRequiredService<IMeterFactory>();
        var visit = new BookAppointment { DoctorId = doctor, TreatmentId = treatment, PatientId = patient, Start = Lima("07T09:00"), Modality = Modality.InPerson };
        var booked = await api.Client.PostAsJsonAsync("/api/appointments", visit, ClinicJson.Options);
        Assert.Equal(HttpStatusCode.Created, booked.StatusCode);
        api.Clock.MoveTo(FixedClock.Start.AddMinutes(2));

        // The reminder is not due yet. What was asked for earlier may still stand for some seconds.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            probe.Collect();
        }
        while ((Last("clinic.outbox.backlog"), Last("clinic.outbox.oldest.age")) != (1, 120) && await timer.WaitForNextTickAsync(limit.Token));

        // Other tests run in this process too, on other databases.
        var here = new Npgsql.NpgsqlConnectionStringBuilder(database).Database;
        Assert.DoesNotContain(probe.Spans, s => ((string?)s.GetTagItem("db.query.text"))?.Contains("count(*)", StringComparison.Ordinal) == true
            && (string?)s.GetTagItem("db.namespace") == here && s.ParentSpanId == default);

        double? Last(string gauge) => probe.Of(meters, gauge).LastOrDefault()?.Value;
    }

    [Fact]
    public async Task A_silent_collector_does_not_hold_up_stopping()
    {
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var probe = new TelemetryProbe { Endpoint = $"http://{silent.LocalEndpoint}" };
        var api = ApiInstance.Start(app, telemetry: probe);
        await api.Client.GetAsync("/api/doctors/choices");

        var started = Stopwatch.GetTimestamp();
        await api.DisposeAsync();

        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10), $"{Stopwatch.GetElapsedTime(started)}");
    }

    /// <summary>A span that the requests of a test belong to, so that they are told from those of other tests.</summary>
    private static Activity Caller() =>
        new Activity("test") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.SetParentId(ActivityTraceId.CreateRandom(), default, ActivityTraceFlags.Recorded).Start();

    private static Func<IReadOnlyList<Activity>, bool> Has(string name) => spans => spans.Any(s => s.DisplayName == name);

    private static DateTimeOffset Lima(string dayAndTime) =>
        DateTimeOffset.Parse($"2030-03-{dayAndTime}:00-05:00", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<HttpResponseMessage> BookAsync(string start, Guid patient, string? reason = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/appointments")
        {
            Content = JsonContent.Create(
                new BookAppointment
                {
                    DoctorId = _doctor,
                    TreatmentId = _treatment,
                    PatientId = patient,
                    Start = Lima(start),
                    Modality = Modality.InPerson,
                    Reason = reason,
                },
                options: ClinicJson.Options),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _api.Client.SendAsync(request);
    }

    private IEnumerable<(string Tags, int Total)> Totals(string counter) =>
        _probe.Of(Meters, counter).GroupBy(m => m.Tags).Select(g => (g.Key, (int)g.Sum(m => m.Value))).OrderBy(t => t.Key);

    private static void AssertNowhere(TelemetryProbe probe, string word)
    {
        Assert.NotEmpty(probe.Logs);
        Assert.NotEmpty(probe.Measurements);
        Assert.All(probe.Spans, span => Assert.DoesNotContain(word, Text(span), StringComparison.OrdinalIgnoreCase));
        Assert.All(probe.Logs, line => Assert.DoesNotContain(word, line, StringComparison.OrdinalIgnoreCase));
        Assert.All(probe.Measurements, m => Assert.DoesNotContain(word, m.Tags, StringComparison.OrdinalIgnoreCase));
    }

    private static string Text(Activity span) => string.Join(
        ' ',
        [
            span.DisplayName, span.StatusDescription, span.TraceStateString,
            .. span.TagObjects.Select(t => $"{t.Key}={t.Value}"),
            .. span.Baggage.Select(b => $"{b.Key}={b.Value}"),
            .. span.Events.SelectMany(e => e.Tags.Select(t => $"{e.Name} {t.Key}={t.Value}")),
        ]);
}
