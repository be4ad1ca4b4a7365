using Clinic.Api.Guards;
using Clinic.Api.Problems;

namespace Clinic.Api.Slots;

/// <summary>Answers with a doctor's free times: from Redis, where somebody asked the same before, else from Postgres.</summary>
internal sealed class SlotAnswers(SlotCache cache, SlotFinder finder, TimeProvider clock)
{
    /// <exception cref="Problems.ClinicProblem">404 for an unknown doctor, 422 for a treatment that is not theirs.</exception>
    public async Task<SlotAnswer> OfDoctorAsync(Guid doctorId, SlotQuery query, CancellationToken cancellationToken)
    {
        var question = query.ToString();
        // The version is read before the database is: what a write meanwhile outdates is kept under a version nobody asks for.
        var (version, kept) = await cache.ReadAsync(doctorId, question);
        if (kept is not null)
        {
            return kept;
        }

        var answer = await ComputeAsync(doctorId, query, cancellationToken);
        if (version is not null)
        {
            await cache.KeepAsync(version, question, answer);
        }

        return answer;
    }

    /// <summary>
    /// Within the deadline of all requests, which for this one begins here: to set it up for an answer that is kept would take
    /// longer than to give the answer, and Redis has a deadline of its own.
    /// </summary>
    private async Task<SlotAnswer> ComputeAsync(Guid doctorId, SlotQuery query, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(GuardRegistration.Deadline);
        try
        {
            var now = clock.GetUtcNow();
            return SlotAnswer.Of(await finder.OfDoctorAsync(doctorId, query, now, deadline.Token), now);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw ClinicProblem.Unavailable(ProblemHandling.TookTooLong);
        }
    }
}
