using Clinic.Api.Requests;
using Clinic.Core.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Clinic.Api.Patients;

internal static class PatientEndpoints
{
    public static void AddPatients(this IServiceCollection services) => services.AddScoped<PatientRegister>();

    public static void MapPatients(this IEndpointRouteBuilder app)
    {
        var patients = app.MapGroup("/api/patients").WithTags("Patients");
        patients.MapGet("/", List).WithName("ListPatients")
            .WithSummary("Patients by name; `q` finds parts of names, e-mail addresses, phone and document numbers.");
        patients.MapPost("/", Register).WithName("RegisterPatient")
            .WithSummary("Registers a patient; a known document number with the same e-mail address gives the existing record.");
        patients.MapGet("/{id:guid}", Get).WithName("GetPatient")
            .WithSummary("A patient's record. Doctors see those who have a visit with them.");
        patients.MapPut("/{id:guid}", Update).WithName("UpdatePatient")
            .WithSummary("Replaces what is known about a patient.");
    }

    private static async Task<Ok<Page<PatientDetails>>> List(
        PatientRegister register, string? q, string? page, string? pageSize, CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var text = check.Text("q", q, 100);
        var paging = PageQuery.Read(check, page, pageSize);
        check.Done();
        return TypedResults.Ok(await register.ListAsync(text, paging, cancellationToken));
    }

    private static async Task<Results<Created<PatientDetails>, Ok<PatientDetails>>> Register(
        PatientRegister register, RegisterPatient patient, CancellationToken cancellationToken)
    {
        var (details, isNew) = await register.RegisterAsync(patient, cancellationToken);
        return isNew ? TypedResults.Created($"/api/patients/{details.Id}", details) : TypedResults.Ok(details);
    }

    private static async Task<Ok<PatientDetails>> Get(Caller caller, PatientRegister register, Guid id, CancellationToken cancellationToken) =>
        TypedResults.Ok(await register.GetAsync(caller, id, cancellationToken));

    private static async Task<Ok<PatientDetails>> Update(
        PatientRegister register, Guid id, UpdatePatient patient, CancellationToken cancellationToken) =>
        TypedResults.Ok(await register.UpdateAsync(id, patient, cancellationToken));
}
