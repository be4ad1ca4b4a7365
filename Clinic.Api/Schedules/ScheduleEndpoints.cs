using Clinic.Api.Requests;
using Clinic.Core.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Clinic.Api.Schedules;

internal static class ScheduleEndpoints
{
    private const string Stranded =
        "Coming visits that would no longer lie in the doctor's hours refuse the change with `visits_stranded`. `dryRun=true` only "
        + "answers with them; `strand=keep` makes the change and leaves them as they are.";

    public static void AddSchedules(this IServiceCollection services) => services.AddScoped<ScheduleEditor>();

    public static void MapSchedules(this IEndpointRouteBuilder app)
    {
        var schedules = app.MapGroup("/api/doctors/{id:guid}").WithTags("Schedules");
        schedules.MapGet("/schedule", Get).WithName("GetSchedule")
            .WithSummary("Rules, weekly hours and exceptions, as wall time in the doctor's zone.");
        schedules.MapPut("/schedule", Replace).WithName("ReplaceSchedule")
            .WithSummary("Replaces rules and weekly hours as a whole; exceptions stay.").WithDescription(Stranded)
            .Produces<ScheduleDetails>().ProducesProblem(StatusCodes.Status409Conflict);
        schedules.MapPost("/exceptions", AddException).WithName("AddException")
            .WithSummary("Adds a closure or extra hours.").WithDescription(Stranded)
            .Produces<ExceptionDetails>(StatusCodes.Status201Created).Produces<StrandedVisits>().ProducesProblem(StatusCodes.Status409Conflict);
        schedules.MapDelete("/exceptions/{exceptionId:guid}", RemoveException).WithName("RemoveException")
            .WithSummary("Takes a closure or extra hours back.").WithDescription(Stranded)
            .Produces(StatusCodes.Status204NoContent).Produces<StrandedVisits>().ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Ok<ScheduleDetails>> Get(Caller caller, ScheduleEditor editor, Guid id, CancellationToken cancellationToken)
    {
        caller.RequireDoctor(id);
        return TypedResults.Ok(await editor.GetAsync(id, cancellationToken));
    }

    private static async Task<IResult> Replace(
        ScheduleEditor editor, Guid id, ReplaceSchedule schedule, string? dryRun, string? strand, CancellationToken cancellationToken)
    {
        ScheduleCheck.Check(schedule);
        var outcome = await editor.ReplaceAsync(id, schedule, StrandingChoice.Read(dryRun, strand), cancellationToken);
        return Answer(outcome, TypedResults.Ok);
    }

    private static async Task<IResult> AddException(
        ScheduleEditor editor, Guid id, AddException exception, string? dryRun, string? strand, CancellationToken cancellationToken)
    {
        ScheduleCheck.Check(exception);
        var outcome = await editor.AddAsync(id, exception, StrandingChoice.Read(dryRun, strand), cancellationToken);
        return Answer(outcome, added => TypedResults.Created($"/api/doctors/{id}/exceptions/{added.Id}", added));
    }

    private static async Task<IResult> RemoveException(
        ScheduleEditor editor, Guid id, Guid exceptionId, string? dryRun, string? strand, CancellationToken cancellationToken)
    {
        var outcome = await editor.RemoveAsync(id, exceptionId, StrandingChoice.Read(dryRun, strand), cancellationToken);
        return Answer(outcome, _ => TypedResults.NoContent());
    }

    /// <summary>A dry run is answered with what would be stranded, whatever was to be changed.</summary>
    private static IResult Answer<T>(ScheduleOutcome<T> outcome, Func<T, IResult> changed)
        where T : class => outcome.DryRun is { } stranded ? TypedResults.Ok(stranded) : changed(outcome.Changed!);
}
