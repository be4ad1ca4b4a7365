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
        services.AddSingleton<AppointmentChanges>();
        services.AddSingleton<Booking>();
        services.AddSingleton<Rescheduling>();
        services.AddSingleton<DaysWork>();
        services.AddScoped<AppointmentQueries>();
    }

    public static void MapAppointments(this IEndpointRouteBuilder app)
    {
        var appointments = app.MapGroup("/api/appointments").WithTags("Appointments");
        appointments.MapPost("/", Book).WithName("BookAppointment").WithSummary("Books a free time, or holds it for five minutes.")
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
        MapChange(appointments, "confirm", Confirm, "ConfirmAppointment", "Books the time that is held; honours If-Match.");
        MapChange(appointments, "check-in", CheckIn, "CheckInAppointment", "The patient is here; honours If-Match.");
        MapChange(appointments, "complete", Complete, "CompleteAppointment", "The visit is over; honours If-Match.");
        MapChange(
            appointments, "no-show", NoShow, "MarkNoShow", "The patient did not come, a quarter of an hour after the start; honours If-Match.");
        MapChange(
            appointments, "undo-no-show", UndoNoShow, "UndoNoShow", "The patient did come: the visit takes its time back; honours If-Match.");
    }

    private static void MapChange(RouteGroupBuilder appointments, string path, Delegate handler, string name, string summary) =>
        appointments.MapPost($"/{{id:guid}}/{path}", handler).WithName(name).WithSummary(summary)
            .Produces<AppointmentDetails>()
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);

    private static Task<AppointmentAnswer> Book(
        HttpRequest http,
        Caller caller,
        Booking booking,
        BookAppointment request,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        CancellationToken cancellationToken) =>
        booking.BookAsync(request, caller, IdempotencyKey.Read(http, caller, request), cancellationToken);

    private static Task<AppointmentAnswer> Move(
        Rescheduling rescheduling, Guid id, MoveAppointment request, [AsParameters] ChangeOfVisit change, CancellationToken cancellationToken) =>
        rescheduling.MoveAsync(id, request, change.IfMatch, change.Caller, change.Key(request), cancellationToken);

    private static Task<AppointmentAnswer> Cancel(
        Rescheduling rescheduling, Guid id, string? reason, [AsParameters] ChangeOfVisit change, CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var why = check.Text("reason", reason, 500, lineBreaks: true);
        check.Done();
        return rescheduling.CancelAsync(id, why, change.IfMatch, change.Caller, change.Key(), cancellationToken);
    }

    private static Task<AppointmentAnswer> Confirm(
        Booking booking, Guid id, [AsParameters] ChangeOfVisit change, CancellationToken cancellationToken) =>
        booking.ConfirmAsync(id, change.IfMatch, change.Caller, change.Key(), cancellationToken);

    private static Task<AppointmentAnswer> CheckIn(
        DaysWork work, Guid id, [AsParameters] ChangeOfVisit change, CancellationToken cancellationToken) =>
        work.MarkAsync(id, AppointmentAction.CheckIn, change.IfMatch, change.Caller, change.Key(), cancellationToken);

    private static Task<AppointmentAnswer> Complete(
        DaysWork work, Guid id, [AsParameters] ChangeOfVisit change, CancellationToken cancellationToken) =>
        work.MarkAsync(id, AppointmentAction.Complete, change.IfMatch, change.Caller, change.Key(), cancellationToken);

    private static Task<AppointmentAnswer> NoShow(
        DaysWork work, Guid id, [AsParameters] ChangeOfVisit change, CancellationToken cancellationToken) =>
        work.MarkAsync(id, AppointmentAction.NoShow, change.IfMatch, change.Caller, change.Key(), cancellationToken);

    private static Task<AppointmentAnswer> UndoNoShow(
        DaysWork work, Guid id, [AsParameters] ChangeOfVisit change, CancellationToken cancellationToken) =>
        work.UndoNoShowAsync(id, change.IfMatch, change.Caller, change.Key(), cancellationToken);

    private static async Task<Ok<AppointmentDetails>> Get(
        HttpResponse http, Caller caller, AppointmentQueries queries, Guid id, CancellationToken cancellationToken)
    {
        var appointment = await queries.GetAsync(caller, id, cancellationToken);
        http.Headers.ETag = AppointmentAnswer.ETagOf(appointment.Version);
        return TypedResults.Ok(appointment);
    }

    private static async Task<Ok<Page<AppointmentDetails>>> List(
        Caller caller,
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
        return TypedResults.Ok(await queries.ListAsync(caller, filter, paging, cancellationToken));
    }

    private static async Task<Ok<ItemList<HistoryEntry>>> History(
        Caller caller, AppointmentQueries queries, Guid id, CancellationToken cancellationToken) =>
        TypedResults.Ok(await queries.HistoryAsync(caller, id, cancellationToken));
}

/// <summary>What every request to change a visit brings along beside its body. The two texts are there for the documentation.</summary>
internal readonly record struct ChangeOfVisit(
    HttpRequest Http,
    Caller Caller,
    [FromHeader(Name = IdempotencyKey.Header)] string? IdempotencyKeyText,
    [FromHeader(Name = "If-Match")] string? IfMatchText)
{
    /// <exception cref="Problems.ClinicProblem">400.</exception>
    public IfMatch IfMatch => IfMatch.Read(Http);

    /// <exception cref="Problems.ClinicProblem">400.</exception>
    public IdempotencyKey? Key(object? body = null) => IdempotencyKey.Read(Http, Caller, body);
}
