using Clinic.Api.Idempotency;
using Clinic.Api.Requests;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Clinic.Api.Appointments;

internal static class AppointmentEndpoints
{
    public static void AddAppointments(this IServiceCollection services)
    {
        services.AddSingleton<AppointmentTelemetry>();
        services.AddSingleton<DoctorLockMetrics>();
        services.AddScoped<AppointmentChanges>();
        services.AddScoped<Booking>();
        services.AddScoped<Rescheduling>();
        services.AddScoped<AppointmentQueries>();
    }

    public static void MapAppointments(this IEndpointRouteBuilder app)
    {
        var appointments = app.MapGroup("/api/appointments").WithTags("Appointments");
        appointments.MapPost("/", Book).WithName("BookAppointment").WithSummary("Books a free time.")
            .Produces<AppointmentDetails>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        appointments.MapGet("/", List).WithName("ListAppointments").WithSummary("Visits by start.")
            .WithDescription("`from` and `to` are local days, both included, of `timeZone` (or the doctor's, or UTC), or instants with an offset.");
        appointments.MapGet("/{id:guid}", Get).WithName("GetAppointment").WithSummary("A visit, with its version as ETag.");
        appointments.MapPut("/{id:guid}", Move).WithName("MoveAppointment").WithSummary("Moves a visit; honours If-Match.")
            .Produces<AppointmentDetails>()
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        appointments.MapDelete("/{id:guid}", Cancel).WithName("CancelAppointment").WithSummary("Cancels a visit; honours If-Match.")
            .Produces<AppointmentDetails>()
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        appointments.MapGet("/{id:guid}/history", History).WithName("GetAppointmentHistory")
            .WithSummary("Every change of a visit, oldest first.");
    }

    private static Task<AppointmentAnswer> Book(
        HttpRequest http,
        Booking booking,
        BookAppointment request,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        CancellationToken cancellationToken) =>
        booking.BookAsync(request, Caller.Anonymous, IdempotencyKey.Read(http, Caller.Anonymous, request), cancellationToken);

    private static Task<AppointmentAnswer> Move(
        HttpRequest http,
        Rescheduling rescheduling,
        Guid id,
        MoveAppointment request,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        CancellationToken cancellationToken) =>
        rescheduling.MoveAsync(
            id, request, IfMatch.Read(http), Caller.Anonymous, IdempotencyKey.Read(http, Caller.Anonymous, request), cancellationToken);

    private static Task<AppointmentAnswer> Cancel(
        HttpRequest http,
        Rescheduling rescheduling,
        Guid id,
        string? reason,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        [FromHeader(Name = "If-Match")] string? ifMatch,
        CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var why = check.Text("reason", reason, 500, lineBreaks: true);
        check.Done();
        return rescheduling.CancelAsync(
            id, why, IfMatch.Read(http), Caller.Anonymous, IdempotencyKey.Read(http, Caller.Anonymous), cancellationToken);
    }

    private static async Task<Ok<AppointmentDetails>> Get(
        HttpResponse http, AppointmentQueries queries, Guid id, CancellationToken cancellationToken)
    {
        var appointment = await queries.GetAsync(id, cancellationToken);
        http.Headers.ETag = AppointmentAnswer.ETagOf(appointment.Version);
        return TypedResults.Ok(appointment);
    }

    private static async Task<Ok<Page<AppointmentDetails>>> List(
        AppointmentQueries queries,
        string? doctorId,
        string? patientId,
        string? status,
        string? from,
        string? to,
        string? timeZone,
        string? page,
        string? pageSize,
        CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var filter = new AppointmentFilter(
            check.Id("doctorId", doctorId),
            check.Id("patientId", patientId),
            check.Choice<AppointmentStatus>("status", status),
            from,
            to,
            RequestCheck.Zone(timeZone));
        var paging = PageQuery.Read(check, page, pageSize);
        check.Done();
        return TypedResults.Ok(await queries.ListAsync(filter, paging, cancellationToken));
    }

    private static async Task<Ok<ItemList<HistoryEntry>>> History(
        AppointmentQueries queries, Guid id, CancellationToken cancellationToken) =>
        TypedResults.Ok(await queries.HistoryAsync(id, cancellationToken));
}
