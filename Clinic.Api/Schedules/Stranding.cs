using Clinic.Api.Appointments;
using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Schedules;

/// <summary>What is to become of visits that a change of the hours would leave outside of them.</summary>
/// <param name="DryRun">Only tell which they are; change nothing.</param>
/// <param name="Keep">Change the hours; the visits stay as they are.</param>
internal readonly record struct StrandingChoice(bool DryRun, bool Keep)
{
    /// <summary>Reads <c>?dryRun=true</c> and <c>?strand=keep</c>; without either, stranding a visit is refused.</summary>
    /// <exception cref="ClinicProblem">400 for any other value.</exception>
    public static StrandingChoice Read(string? dryRun, string? strand)
    {
        var check = new RequestCheck();
        check.Require("dryRun", dryRun is null or "" or "true" or "false", "Must be true or false.");
        check.Require("strand", strand is null or "" or "keep", "Must be keep, or be left out.");
        check.Done();
        return new StrandingChoice(dryRun == "true", strand == "keep");
    }
}

/// <summary>Finds the visits that a change of a doctor's hours, or of the zone that they are kept in, would strand.</summary>
internal static class Stranding
{
    /// <summary>Visits that are listed; there may be more.</summary>
    private const int MaxListed = 100;

    /// <summary>
    /// Decides whether a change of hours may go on. To be called under the doctor's lock, so that no visit is booked
    /// meanwhile; asks for the visits in one round trip.
    /// </summary>
    /// <param name="db">The context of the transaction.</param>
    /// <param name="doctorId">Whose hours change.</param>
    /// <param name="before">The hours and the zone as they are.</param>
    /// <param name="after">The hours and the zone as they would be.</param>
    /// <param name="choice">What the caller wants done.</param>
    /// <param name="now">The current instant: visits that have begun are past stranding.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The answer to a dry run, after which nothing may be changed; else null: go on.</returns>
    /// <exception cref="ClinicProblem">409 <c>visits_stranded</c> with the visits.</exception>
    public static async Task<StrandedVisits?> DecideAsync(
        ClinicDbContext db,
        Guid doctorId,
        Availability before,
        Availability after,
        StrandingChoice choice,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (choice is { Keep: true, DryRun: false })
        {
            return null;
        }

        var coming = await db.Appointments.AsNoTracking()
            .Where(a => a.DoctorId == doctorId && a.StartsAt > now
                && (a.Status == AppointmentStatus.Scheduled || (a.Status == AppointmentStatus.Held && a.HoldExpiresAt > now)))
            .OrderBy(a => a.StartsAt).ThenBy(a => a.Id)
            .ToListAsync(cancellationToken);
        var stranded = coming.Where(a => after.Strands(before, new Interval(a.StartsAt, a.EndsAt), a.Modality)).ToList();
        var listed = new StrandedVisits([.. stranded.Take(MaxListed).Select(a => AppointmentAnswer.Details(a, after.Zone))]);
        if (choice.DryRun)
        {
            return listed;
        }

        return stranded is [] ? null : throw Refused(stranded.Count, listed);
    }

    private static ClinicProblem Refused(int count, StrandedVisits visits) => new(
        StatusCodes.Status409Conflict,
        ProblemCodes.VisitsStranded,
        $"{(count == 1 ? "1 visit" : $"{count} visits")} would no longer lie in the doctor's hours. Move or cancel them first, "
        + "or send strand=keep to leave them as they are.")
    {
        Extensions = new Dictionary<string, object?> { ["stranded"] = visits.Stranded },
    };
}
