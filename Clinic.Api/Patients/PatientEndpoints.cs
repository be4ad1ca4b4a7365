using Clinic.Core.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Clinic.Api.Patients;

internal static class PatientEndpoints
{
    public static void AddPatients(this IServiceCollection services) => services.AddScoped<PatientRegister>();

    public static void MapPatients(this IEndpointRouteBuilder app)
    {
        var patients = app.MapGroup("/api/patients").WithTags("Patients");
        patients.MapPost("/", Register).WithName("RegisterPatient")
            .WithSummary("Registers a patient; a known document number with the same e-mail address gives the existing record.");
        patients.MapGet("/{id:guid}", Get).WithName("GetPatient")
            .WithSummary("A patient's record.");
    }

    private static async Task<Results<Created<PatientDetails>, Ok<PatientDetails>>> Register(
        PatientRegister register, RegisterPatient patient, CancellationToken cancellationToken)
    {
        var (details, isNew) = await register.RegisterAsync(patient, cancellationToken);
        return isNew ? TypedResults.Created($"/api/patients/{details.Id}", details) : TypedResults.Ok(details);
    }

    private static async Task<Ok<PatientDetails>> Get(PatientRegister register, Guid id, CancellationToken cancellationToken) =>
        TypedResults.Ok(await register.GetAsync(id, cancellationToken));
}
