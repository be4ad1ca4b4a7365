namespace Clinic.Data;

/// <summary>Postgres keeps microseconds, .NET ten times as much.</summary>
public static class StorableTime
{
    /// <summary>Now, cut to whole microseconds, so that what is answered and what is read back later are the same.</summary>
    public static DateTimeOffset GetStorableNow(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
