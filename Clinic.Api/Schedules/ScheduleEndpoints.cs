using Clinic.Core.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Clinic.Api.Schedules;

internal static class ScheduleEndpoints
{
    public static void AddSchedules(this IServiceCollection services) => services.AddScoped<ScheduleEditor>();

    public static void MapSchedules(this IEndpointRouteBuilder app)
    {
        var schedules = app.MapGroup("/api/doctors/{id:guid}").WithTags("Schedules");
        schedules.MapGet("/schedule", Get).WithName("GetSchedule")
            .WithSummary("Rules, weekly hours and exceptions, as wall time in the doctor's zone.");
        schedules.MapPut("/schedule", Replace).WithName("ReplaceSchedule")
            .WithSummary("Replaces rules and weekly hours as a whole; exceptions stay.");
        schedules.MapPost("/exceptions", AddException).WithName("AddException")
            .WithSummary("Adds a closure or extra hours.");
        schedules.MapDelete("/exceptions/{exceptionId:guid}", RemoveException).WithName("RemoveException")
            .WithSummary("Takes a closure or extra hours back.");
    }

    private static async Task<Ok<ScheduleDetails>> Get(ScheduleEditor editor, Guid id, CancellationToken cancellationToken) =>
        TypedResults.Ok(await editor.GetAsync(id, cancellationToken));

    private static async Task<Ok<ScheduleDetails>> Replace(
        ScheduleEditor editor, Guid id, ReplaceSchedule schedule, CancellationToken cancellationToken)
    {
        ScheduleCheck.Check(schedule);
        return TypedResults.Ok(await editor.ReplaceAsync(id, schedule, cancellationToken));
    }

    private static async Task<Created<ExceptionDetails>> AddException(
        ScheduleEditor editor, Guid id, AddException exception, CancellationToken cancellationToken)
    {
        ScheduleCheck.Check(exception);
        var added = await editor.AddAsync(id, exception, cancellationToken);
        return TypedResults.Created($"/api/doctors/{id}/exceptions/{added.Id}", added);
    }

    private static async Task<NoContent> RemoveException(
        ScheduleEditor editor, Guid id, Guid exceptionId, CancellationToken cancellationToken)
    {
        await editor.RemoveAsync(id, exceptionId, cancellationToken);
        return TypedResults.NoContent();
    }
}
