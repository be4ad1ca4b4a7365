using Clinic.Api.Requests;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Clinic.Api.Doctors;

internal static class DoctorEndpoints
{
    public static void AddDoctors(this IServiceCollection services) => services.AddScoped<DoctorSearch>();

    public static void MapDoctors(this IEndpointRouteBuilder app)
    {
        var doctors = app.MapGroup("/api/doctors").WithTags("Doctors");
        doctors.MapGet("/", Search).WithName("SearchDoctors")
            .WithSummary("Doctors by specialty, city, modality, highest price and free text; accents and case do not matter.");
        doctors.MapGet("/choices", Choices).WithName("GetSearchChoices")
            .WithSummary("The specialties and cities that there are.");
        doctors.MapGet("/{id:guid}", Get).WithName("GetDoctor")
            .WithSummary("A doctor with treatments, prices and lengths.");
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
