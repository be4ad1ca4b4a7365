using Clinic.Api.Requests;
using Clinic.Api.Schedules;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Clinic.Api.Doctors;

internal static class DoctorEndpoints
{
    public static void AddDoctors(this IServiceCollection services)
    {
        services.AddSingleton<DoctorSearch>();
        services.AddScoped<DoctorEditor>();
    }

    public static void MapDoctors(this IEndpointRouteBuilder app)
    {
        var doctors = app.MapGroup("/api/doctors").WithTags("Doctors");
        doctors.MapGet("/", Search).WithName("SearchDoctors")
            .WithSummary("Doctors by specialty, city, modality, highest price and free text; accents and case do not matter.");
        doctors.MapGet("/choices", Choices).WithName("GetSearchChoices")
            .WithSummary("The specialties and cities that there are.");
        doctors.MapGet("/{id:guid}", Get).WithName("GetDoctor")
            .WithSummary("A doctor with treatments, prices and lengths.");
        doctors.MapPost("/", Create).WithName("CreateDoctor")
            .WithSummary("Adds a doctor, with standard booking rules and no hours yet.");
        doctors.MapPut("/{id:guid}", Update).WithName("UpdateDoctor")
            .WithSummary("Replaces a doctor's record.")
            .WithDescription(
                "Another time zone moves the doctor's hours. Coming visits that would no longer lie in them refuse the change with "
                + "`visits_stranded`; `dryRun=true` only answers with them, `strand=keep` makes the change and leaves them as they are.")
            .Produces<DoctorDetails>().Produces<StrandedVisits>().ProducesProblem(StatusCodes.Status409Conflict);
        doctors.MapPost("/{id:guid}/treatments", AddTreatment).WithName("AddTreatment")
            .WithSummary("Adds a treatment.");
        doctors.MapPut("/{id:guid}/treatments/{treatmentId:guid}", UpdateTreatment).WithName("UpdateTreatment")
            .WithSummary("Replaces a treatment; visits that are booked keep their length.");
        doctors.MapDelete("/{id:guid}/treatments/{treatmentId:guid}", RemoveTreatment).WithName("RemoveTreatment")
            .WithSummary("Takes a treatment out of the offer; visits that are booked keep it.");
    }

    private static async Task<Ok<Page<DoctorSummary>>> Search(
        DoctorSearch search,
        string? specialty,
        string? city,
        string? modality,
        string? maxPrice,
        string? q,
        string? page,
        string? pageSize,
        CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var query = DoctorQuery.Read(check, specialty, city, modality, maxPrice, q);
        var paging = PageQuery.Read(check, page, pageSize);
        check.Done();
        return TypedResults.Ok(await search.SearchAsync(query, paging, cancellationToken));
    }

    private static async Task<Ok<SearchChoices>> Choices(DoctorSearch search, CancellationToken cancellationToken) =>
        TypedResults.Ok(await search.ChoicesAsync(cancellationToken));

    private static async Task<Ok<DoctorDetails>> Get(DoctorSearch search, Guid id, CancellationToken cancellationToken) =>
        TypedResults.Ok(await search.GetAsync(id, cancellationToken));

    private static async Task<Created<DoctorDetails>> Create(
        DoctorEditor editor, DoctorSearch search, DoctorRecord doctor, CancellationToken cancellationToken)
    {
        var id = await editor.CreateAsync(doctor, cancellationToken);
        return TypedResults.Created($"/api/doctors/{id}", await search.GetAsync(id, cancellationToken));
    }

    private static async Task<IResult> Update(
        DoctorEditor editor, DoctorSearch search, Guid id, DoctorRecord doctor, string? dryRun, string? strand, CancellationToken cancellationToken)
    {
        var stranded = await editor.UpdateAsync(id, doctor, StrandingChoice.Read(dryRun, strand), cancellationToken);
        return stranded is null ? TypedResults.Ok(await search.GetAsync(id, cancellationToken)) : TypedResults.Ok(stranded);
    }

    private static async Task<Created<TreatmentDetails>> AddTreatment(
        DoctorEditor editor, Guid id, TreatmentRecord treatment, CancellationToken cancellationToken)
    {
        var added = await editor.AddTreatmentAsync(id, treatment, cancellationToken);
        return TypedResults.Created($"/api/doctors/{id}/treatments/{added.Id}", added);
    }

    private static async Task<Ok<TreatmentDetails>> UpdateTreatment(
        DoctorEditor editor, Guid id, Guid treatmentId, TreatmentRecord treatment, CancellationToken cancellationToken) =>
        TypedResults.Ok(await editor.UpdateTreatmentAsync(id, treatmentId, treatment, cancellationToken));

    private static async Task<NoContent> RemoveTreatment(
        DoctorEditor editor, Guid id, Guid treatmentId, CancellationToken cancellationToken)
    {
        await editor.RemoveTreatmentAsync(id, treatmentId, cancellationToken);
        return TypedResults.NoContent();
    }
}

/// <summary>What doctors are looked for; null stands for any.</summary>
internal sealed record DoctorQuery(string? Specialty, string? City, Modality? Modality, decimal? MaxPrice, string? Text)
{
    public IReadOnlyList<Guid>? Ids { get; init; }

    public static DoctorQuery Read(
        RequestCheck check, string? specialty, string? city, string? modality, string? maxPrice, string? text) => new(
        check.Text("specialty", specialty, 100),
        check.Text("city", city, 100),
        check.Choice<Modality>("modality", modality),
        check.Price("maxPrice", maxPrice),
        check.Text("q", text, 100));
}
