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

        var now = clock.GetUtcNow();
        var (slots, until) = await finder.OfDoctorAsync(doctorId, query, now, cancellationToken);
        var answer = SlotAnswer.Of(slots, now, until);
        if (version is not null)
        {
            await cache.WriteAsync(doctorId, version, question, answer);
        }

        return answer;
    }
}
