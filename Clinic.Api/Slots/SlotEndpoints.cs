using System.Globalization;
using Clinic.Api.Doctors;
using Clinic.Api.Requests;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Calendars;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Clinic.Api.Slots;

internal static class SlotEndpoints
{
    public static void AddSlots(this IServiceCollection services)
    {
        services.AddSingleton<SlotCacheMetrics>();
        services.AddSingleton<RedisCalls>();
        services.AddSingleton<SlotCache>();
        services.AddHostedService(provider => provider.GetRequiredService<SlotCache>());
        services.AddSingleton<DoctorSetups>();
        services.AddSingleton<CalendarReader>();
        services.AddSingleton<CalendarSource>();
        services.AddSingleton<SlotFinder>();
        services.AddSingleton<SlotAnswers>();
        services.AddSingleton<SlotInquiry>();
    }

    public static void MapSlots(this IEndpointRouteBuilder app)
    {
        var ofDoctor = new OfDoctor(app.ServiceProvider.GetRequiredService<SlotAnswers>());
        app.MapGet("/api/doctors/{id:guid}/slots", ofDoctor.GetAsync).WithTags("Slots").WithName("GetDoctorSlots")
            .WithSummary("Free times of a doctor by the viewer's local days, at most 31.")
            .WithDescription(
                "`from` and `to` are local days of `timeZone`, both included; the zone defaults to the doctor's, the days to the "
                + "coming week. Without `treatmentId` a slot is as long as the doctor's shortest treatment of the modality.")
            .Produces<DoctorSlots>().Produces(StatusCodes.Status304NotModified)
            // SlotAnswers keeps it, where an answer is not at hand.
            .DisableRequestTimeout();
        app.MapGet("/api/doctors/{id:guid}/slots/explain", Explain).WithTags("Slots").WithName("ExplainSlot")
            .WithSummary("Whether a time is offered, and if not, all that takes it away.")
            .WithDescription("Without `treatmentId` the doctor's shortest treatment of the modality is meant, as in the search for free times.");
        app.MapGet("/api/slots", Earliest).WithTags("Slots").WithName("FindEarliestSlots")
            .WithSummary("The earliest free times over all doctors that match.")
            .WithDescription("`doctorId` may be repeated to ask for some doctors only; `perDoctor` limits how many times each of them contributes.");
    }

    private static async Task<Ok<SlotExplanation>> Explain(
        Caller caller, SlotInquiry inquiry, Guid id, string? start, string? treatmentId, string? modality, CancellationToken cancellationToken)
    {
        caller.RequireDoctor(id);
        var check = new RequestCheck();
        var instant = check.RequiredInstant("start", start);
        var treatment = check.Id("treatmentId", treatmentId);
        var wanted = check.Choice<Modality>("modality", modality);
        check.Done();
        return TypedResults.Ok(await inquiry.ExplainAsync(id, instant, treatment, wanted, cancellationToken));
    }

    private static async Task<Ok<ItemList<FoundSlot>>> Earliest(
        SlotFinder finder,
        string[]? doctorId,
        string? specialty,
        string? city,
        string? modality,
        string? maxPrice,
        string? q,
        string? from,
        string? to,
        string? timeZone,
        string? limit,
        string? perDoctor,
        CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var doctors = DoctorQuery.Read(check, specialty, city, modality, maxPrice, q) with { Ids = check.Ids("doctorId", doctorId) };
        var query = SlotQuery.Read(check, from, to, modality, timeZone);
        var most = check.Int("limit", limit, missing: 20, min: 1, max: RequestLimits.MaxPageSize);
        var mostOfOne = check.Int("perDoctor", perDoctor, missing: most, min: 1, max: RequestLimits.MaxPageSize);
        check.Done();
        return TypedResults.Ok(new ItemList<FoundSlot>(await finder.EarliestAsync(doctors, query, most, mostOfOne, cancellationToken)));
    }
}

/// <summary>
/// The handler of the address that is asked the most. It is made once with what it needs: to look that up in the services of
/// each request would make a scope for each request, which nothing else here needs.
/// </summary>
internal sealed class OfDoctor(SlotAnswers answers)
{
    public Task<SlotAnswer> GetAsync(
        Guid id,
        string? from,
        string? to,
        string? treatmentId,
        string? modality,
        string? timeZone,
        CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var query = SlotQuery.Read(check, from, to, modality, timeZone) with { TreatmentId = check.Id("treatmentId", treatmentId) };
        check.Done();
        return answers.OfDoctorAsync(id, query, cancellationToken);
    }
}

/// <summary>What slots are looked for. Days are those of <paramref name="Zone"/>; null leaves the default to the finder.</summary>
internal sealed record SlotQuery(DateOnly? From, DateOnly? To, Modality? Modality, TimeZoneInfo? Zone)
{
    public Guid? TreatmentId { get; init; }

    /// <summary>The same text for the same question.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{From?.DayNumber ?? 0}|{To?.DayNumber ?? 0}|{TreatmentId:N}|{Modality}|{Zone?.Id}");

    public static SlotQuery Read(RequestCheck check, string? from, string? to, string? modality, string? timeZone)
    {
        var query = new SlotQuery(
            check.Date("from", from), check.Date("to", to), check.Choice<Modality>("modality", modality), RequestCheck.Zone(timeZone));
        if (query is { From: { } first, To: { } last })
        {
            check.Require("to", first <= last, "Must not be before from.");
            check.Require("to", last.DayNumber - first.DayNumber < RequestLimits.MaxDays, $"Must be within {RequestLimits.MaxDays} days of from.");
        }

        return query;
    }
}
