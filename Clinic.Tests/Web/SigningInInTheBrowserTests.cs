using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;
using Clinic.Data.Appointments;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clinic.Tests.Web;

/// <summary>Signing in and out as a patient does it, in a real browser against the whole app.</summary>
public sealed class SigningInInTheBrowserTests(ClinicApp app, Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private readonly HttpClient _api = app.App.CreateHttpClient("api");
    private readonly string _email = $"{Guid.NewGuid():N}@patients.example";
    private Guid _doctorId;
    private Guid _treatmentId;

    public async ValueTask InitializeAsync()
    {
        await using var db = app.OpenDatabase();
        (_doctorId, _treatmentId) = await db.AddDoctorAsync(hours: "00:00-00:00");
    }

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Who_books_for_the_first_time_signs_in_on_the_way_and_lands_on_the_visit_and_need_not_say_it_all_again()
    {
        var page = await OpenAsync();
        await page.GotoAsync(BookingPath(days: 3));
        await page.ArriveAtAsync(new Regex(@"/sign-in\?returnUrl="));
        await page.SignInAsync(_api, _email);
        Assert.EndsWith(BookingPath(days: 3), Uri.UnescapeDataString(page.Url), StringComparison.Ordinal);

        var document = $"T{Random.Shared.NextInt64(1_000_000_000):000000000}";
        await page.Locator("#full-name").FillAsync("Lucía Mamani");
        await page.Locator("#document-number").FillAsync(document);
        await page.Locator("#phone").FillAsync("+51 999 999 999");
        await page.Locator("#book").ClickAsync();
        await Expect(page.GetByText("Your visit is booked")).ToBeVisibleAsync();

        await page.GotoAsync(BookingPath(days: 4));
        await Expect(page.Locator("#full-name")).ToHaveValueAsync("Lucía Mamani");
        await Expect(page.Locator("#document-number")).ToHaveValueAsync(document);
        await page.Locator("#book").ClickAsync();
        await Expect(page.GetByText("Your visit is booked")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "My visits" }).ClickAsync();
        await Expect(page.Locator(".visit-line")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_document_number_of_somebody_else_is_told_at_its_field()
    {
        await using var db = app.OpenDatabase();
        var id = (await db.AddPatientsAsync(1)).Single();
        var known = await db.Patients.SingleAsync(p => p.Id == id);
        known.DocumentNumber = $"T{Random.Shared.NextInt64(1_000_000_000):000000000}";
        await db.SaveChangesAsync();
        var page = await OpenAsync();
        await page.GotoAsync(BookingPath(days: 3));
        await page.SignInAsync(_api, _email);

        await page.Locator("#full-name").FillAsync("Lucía Mamani");
        await page.Locator("#document-number").FillAsync(known.DocumentNumber);
        await page.Locator("#phone").FillAsync("+51 999 999 999");
        await page.Locator("#book").ClickAsync();

        await Expect(page.Locator("#document-number-error")).ToContainTextAsync("registered with another e-mail address");
        await Expect(page.Locator("#full-name")).ToHaveValueAsync("Lucía Mamani");
    }

    [Fact]
    public async Task A_wrong_code_is_told_kindly_and_a_new_one_and_another_address_can_be_had()
    {
        var page = await OpenAsync(width: 375);
        await page.GotoAsync("/sign-in");
        await page.Locator("#email").FillAsync($"typo-{_email}");
        await page.Locator("#send-code").ClickAsync();
        await Expect(page.Locator("#sent-to")).ToHaveTextAsync($"typo-{_email}");

        await page.GetByRole(AriaRole.Link, new() { Name = "Use another address" }).ClickAsync();
        await Expect(page.Locator("#email")).ToHaveValueAsync($"typo-{_email}");
        await page.Locator("#email").FillAsync(_email);
        await page.Locator("#send-code").ClickAsync();
        await page.ArriveAtAsync(new Regex("/sign-in/code"));

        var first = await _api.ReadCodeAsync(_email);
        await page.Locator("#code").FillAsync(first == "000000" ? "000001" : "000000");
        await page.Locator("#sign-in").ClickAsync();
        await Expect(page.Locator("#code-error")).ToContainTextAsync("not right");
        Assert.Equal("one-time-code", await page.Locator("#code").GetAttributeAsync("autocomplete"));
        Assert.Equal("numeric", await page.Locator("#code").GetAttributeAsync("inputmode"));
        await page.AssertFitsAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Send a new code" }).ClickAsync();
        await Expect(page.GetByText("A new code is on its way")).ToBeVisibleAsync();
        var latest = await _api.ReadCodeAsync(_email);
        await page.Locator("#code").FillAsync($"{latest[..3]} {latest[3..]}");
        await page.Locator("#sign-in").ClickAsync();
        await Expect(page.Locator(".signed-in")).ToContainTextAsync(_email);
    }

    [Fact]
    public async Task Anothers_visit_is_not_found_and_signing_out_ends_access()
    {
        var (own, others) = (await AddVisitAsync(_email), await AddVisitAsync($"other-{_email}"));
        var page = await OpenAsync();
        await page.GotoAsync($"/appointments/{own}");
        await page.SignInAsync(_api, _email);
        await Expect(page.Locator("#status")).ToContainTextAsync("Booked");

        foreach (var path in new[] { $"/appointments/{others}", $"/appointments/{others}/move", $"/appointments/{others}/cancel" })
        {
            var answer = await page.GotoAsync(path);
            Assert.Equal((int)HttpStatusCode.NotFound, answer!.Status);
            await Expect(page.GetByText("We cannot find that visit")).ToBeVisibleAsync();
        }

        await page.Locator("#sign-out").ClickAsync();
        await Expect(page.Locator("#to-sign-in")).ToBeVisibleAsync();
        await page.GotoAsync($"/appointments/{own}");
        await page.ArriveAtAsync(new Regex(@"/sign-in\?returnUrl="));
    }

    [Fact]
    public async Task Past_visits_come_after_the_upcoming_ones_latest_first_and_in_pages()
    {
        for (var days = -25; days <= 1; days++)
        {
            await AddVisitAsync(_email, days);
        }

        var page = await OpenAsync(width: 375);
        await page.GotoAsync("/appointments");
        await page.SignInAsync(_api, _email);

        var shown = await ShownAsync(page);
        Assert.True(shown[0] > DateTimeOffset.UtcNow);
        Assert.Equal(shown.Skip(1).OrderDescending(), shown.Skip(1));
        await page.AssertFitsAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Expect(page.GetByText("Page 2 of 2")).ToBeVisibleAsync();
        var older = await ShownAsync(page);
        Assert.Equal(27, shown.Union(older).Count());
        Assert.True(older.Min() < shown.Min());
    }

    [Fact]
    public async Task The_front_desk_is_told_that_these_pages_are_for_patients()
    {
        var page = await OpenAsync();
        await page.GotoAsync("/appointments");
        await page.SignInAsync(_api, SigningIn.Staff);
        await Expect(page.GetByText("This page is for patients")).ToBeVisibleAsync();

        await page.GotoAsync(BookingPath(days: 3));
        await Expect(page.GetByText("This page is for patients")).ToBeVisibleAsync();
    }

    /// <summary>A page without scripts: everything works without.</summary>
    private Task<IPage> OpenAsync(int width = 1280) => browser.OpenAsync(app.App.GetEndpoint("web"), width: width, scripts: false);

    private string BookingPath(int days)
    {
        var start = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(days).AddHours(15), TimeSpan.Zero);
        return $"/doctors/{_doctorId}/book?treatmentId={_treatmentId}&modality=in_person&start={start.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}";
    }

    private static async Task<List<DateTimeOffset>> ShownAsync(IPage page)
    {
        var times = await page.Locator(".visit-line time").AllAsync();
        var shown = new List<DateTimeOffset>();
        foreach (var time in times)
        {
            shown.Add(DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture));
        }

        return shown;
    }

    /// <summary>A visit of the patient whom the front desk knows by this address.</summary>
    private async Task<Guid> AddVisitAsync(string email, int days = 3)
    {
        await using var db = app.OpenDatabase();
        var patient = await db.Patients.SingleOrDefaultAsync(p => p.Email == email);
        if (patient is null)
        {
            var id = (await db.AddPatientsAsync(1)).Single();
            patient = await db.Patients.SingleAsync(p => p.Id == id);
            patient.Email = email;
        }

        var start = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(days).AddHours(email == _email ? 10 : 12), TimeSpan.Zero);
        var visit = db.Appointments.Add(new Appointment
        {
            Id = Guid.CreateVersion7(),
            DoctorId = _doctorId,
            PatientId = patient.Id,
            TreatmentId = _treatmentId,
            StartsAt = start,
            EndsAt = start.AddMinutes(30),
            Modality = Modality.InPerson,
            Status = AppointmentStatus.Scheduled,
            CreatedAt = FixedClock.Start,
        }).Entity;
        await db.SaveChangesAsync();
        return visit.Id;
    }
}
