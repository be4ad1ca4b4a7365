using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clinic.Tests.Web;

/// <summary>The whole way of a patient through the pages, in a real browser against the whole app.</summary>
public sealed class BookingInTheBrowserTests(ClinicApp app, Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private Guid _doctorId;
    private Guid _treatmentId;
    private string _doctorName = "";

    public async ValueTask InitializeAsync()
    {
        await using var db = app.OpenDatabase();
        (_doctorId, _treatmentId) = await db.AddDoctorAsync(hours: "00:00-00:00");
        _doctorName = (await db.Doctors.FindAsync(_doctorId))!.FullName;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_time_that_is_taken_meanwhile_keeps_what_was_typed_and_offers_others_and_the_visit_can_be_moved_and_cancelled()
    {
        var page = await browser.OpenAsync(app.App.GetEndpoint("web"), zone: "Europe/Madrid");

        // Find the doctor, choose a time.
        await page.GotoAsync("/");
        await page.GetByLabel("Name or specialty").FillAsync(_doctorName);
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = _doctorName }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Locator(".zone-note")).ToContainTextAsync("Madrid time");
        var slot = FutureDay(page).Locator("a.slot").First;
        var taken = await StartOfAsync(slot);
        await slot.ClickAsync();
        using var api = app.App.CreateHttpClient("api");
        await page.SignInAsync(api, NewAddress());

        // Somebody else is faster.
        await TakeAsync(taken);
        await FillInAsync(page);
        await page.GetByLabel("Reason for the visit").FillAsync("Check-up, second year");
        await page.GetByRole(AriaRole.Button, new() { Name = "Book this visit" }).ClickAsync();
        await Expect(page.GetByText("Everything you typed is still here.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Full name")).ToHaveValueAsync("Lucía Mamani");
        await Expect(page.GetByLabel("Reason for the visit")).ToHaveValueAsync("Check-up, second year");

        // One of the times offered instead.
        var nearby = page.Locator("#nearby-times input[type=radio]").First;
        var booked = Instant(await nearby.GetAttributeAsync("value"));
        await nearby.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Book this visit" }).ClickAsync();
        await Expect(page.GetByText("Your visit is booked")).ToBeVisibleAsync();
        var id = Guid.Parse(new Uri(page.Url).Segments[^1]);
        Assert.Equal((AppointmentStatus.Scheduled, booked), await VisitAsync(id));

        // Move it.
        await page.GetByRole(AriaRole.Link, new() { Name = "Move to another time" }).ClickAsync();
        var later = FutureDay(page).Locator("a.slot").Last;
        var moved = await StartOfAsync(later);
        await later.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Move the visit" }).ClickAsync();
        await Expect(page.GetByText("Your visit has been moved")).ToBeVisibleAsync();
        Assert.Equal((AppointmentStatus.Scheduled, moved), await VisitAsync(id));

        // Cancel it.
        await page.GetByRole(AriaRole.Link, new() { Name = "Cancel the visit" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, cancel the visit" }).ClickAsync();
        await Expect(page.GetByText("Your visit is cancelled")).ToBeVisibleAsync();
        Assert.Equal((AppointmentStatus.Cancelled, moved), await VisitAsync(id));
    }

    [Fact]
    public async Task R23_a_visit_is_booked_with_the_keyboard_alone_and_slots_name_day_date_time_and_zone()
    {
        var page = await browser.OpenAsync(app.App.GetEndpoint("web"), width: 375);
        await page.GotoAsync("/");

        await TabToAsync(page, "#q");
        await page.Keyboard.TypeAsync(_doctorName);
        await EnterAsync(page, new Regex(@"/\?.*q="));
        await TabToAsync(page, "h3 a");
        await EnterAsync(page, new Regex($"/doctors/{_doctorId}"));

        await TabToAsync(page, "li.day:nth-child(3) a.slot");
        var name = await page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')");
        Assert.Matches(@"^\w+day \d{1,2} \w+ 20\d\d, \d\d:\d\d, Lima time", name);
        await EnterAsync(page, new Regex(@"/sign-in\?"));
        using var api = app.App.CreateHttpClient("api");
        var email = NewAddress();
        await TabToAsync(page, "#email");
        await page.Keyboard.TypeAsync(email);
        await EnterAsync(page, new Regex(@"/sign-in/code\?"));
        await TabToAsync(page, "#code");
        await page.Keyboard.TypeAsync(await api.ReadCodeAsync(email));
        await EnterAsync(page, new Regex(@"/book\?"));

        foreach (var (field, text) in Details())
        {
            await TabToAsync(page, field);
            await page.Keyboard.TypeAsync(text);
        }

        await TabToAsync(page, "#book");
        await EnterAsync(page, new Regex("/appointments/"));
        await Expect(page.GetByText("Your visit is booked")).ToBeVisibleAsync();
        await page.AssertFitsAsync();
    }

    /// <summary>The third day shown: surely ahead, whatever the time of the day is now.</summary>
    private static ILocator FutureDay(IPage page) => page.Locator("li.day").Nth(2);

    private static async Task<DateTimeOffset> StartOfAsync(ILocator slot) => Instant(await slot.Locator("time").GetAttributeAsync("datetime"));

    private static DateTimeOffset Instant(string? text) => DateTimeOffset.Parse(text!, CultureInfo.InvariantCulture).ToUniversalTime();

    private static (string Field, string Text)[] Details() =>
    [
        ("#full-name", "Lucía Mamani"),
        ("#document-number", $"T{Random.Shared.NextInt64(1_000_000_000):000000000}"),
        ("#phone", "+51 999 999 999"),
    ];

    private static string NewAddress() => $"{Guid.NewGuid():N}@patients.example";

    private static async Task FillInAsync(IPage page)
    {
        foreach (var (field, text) in Details())
        {
            await page.Locator(field).FillAsync(text);
        }
    }

    /// <summary>Presses Enter and waits for the page that it leads to.</summary>
    private static async Task EnterAsync(IPage page, Regex address)
    {
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAtAsync(address);
    }

    /// <summary>Presses Tab until the focus is on an element of the selector.</summary>
    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var presses = 0; presses < 300; presses++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"{selector} cannot be reached with the Tab key.");
    }

    private async Task TakeAsync(DateTimeOffset start)
    {
        await using var db = app.OpenDatabase();
        using var api = app.App.CreateHttpClient("api");
        await api.SignInAsync();
        var visit = new BookAppointment
        {
            DoctorId = _doctorId,
            TreatmentId = _treatmentId,
            PatientId = (await db.AddPatientsAsync(1)).Single(),
            Start = start,
            Modality = Modality.InPerson,
        };
        using var response = await api.PostAsJsonAsync("/api/appointments", visit, ClinicJson.Options);
        Assert.Equal(System.Net.HttpStatusCode.Created, response.StatusCode);
    }

    private async Task<(AppointmentStatus Status, DateTimeOffset Start)> VisitAsync(Guid id)
    {
        await using var db = app.OpenDatabase();
        var visit = await db.Appointments.AsNoTracking().SingleAsync(a => a.Id == id);
        return (visit.Status, visit.StartsAt);
    }
}
