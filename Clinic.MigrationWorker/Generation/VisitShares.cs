namespace Clinic.MigrationWorker.Generation;

/// <summary>
/// How many visits of each kind one doctor gets. Over the first <c>v</c> visits of the clinic, counted doctor by doctor,
/// 20 % are completed and 10 % cancelled, each rounded to the nearest whole (half up); the rest is scheduled. A doctor
/// gets the difference that they make, so the clinic's totals are exact however few visits one doctor has.
/// </summary>
/// <param name="Scheduled">In the future.</param>
/// <param name="Completed">In the past.</param>
/// <param name="CancelledAhead">In the future: the larger half, by one where the number is odd.</param>
/// <param name="CancelledBehind">In the past.</param>
internal readonly record struct VisitShares(int Scheduled, int Completed, int CancelledAhead, int CancelledBehind)
{
    /// <param name="doctor">Place of the doctor, from 0.</param>
    /// <param name="visitsPerDoctor">Visits of every doctor.</param>
    public static VisitShares Of(int doctor, int visitsPerDoctor)
    {
        var (before, after) = ((long)doctor * visitsPerDoctor, (doctor + 1L) * visitsPerDoctor);
        var completed = Tenths(2, after) - Tenths(2, before);
        var cancelled = Tenths(1, after) - Tenths(1, before);
        return new VisitShares(visitsPerDoctor - completed - cancelled, completed, cancelled - (cancelled / 2), cancelled / 2);
    }

    private static int Tenths(int tenths, long visits) => (int)(((tenths * visits) + 5) / 10);
}
