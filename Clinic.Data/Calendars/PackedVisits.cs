using System.Buffers.Binary;
using Clinic.Core.Scheduling;

namespace Clinic.Data.Calendars;

/// <summary>
/// Visits as one value of bytes, 24 each: start, end, and when a hold lapses, as Postgres sends instants. As arrays they would be
/// converted one by one on both sides.
/// </summary>
public static class PackedVisits
{
    /// <summary>Aggregates the rows of <c>clinic.appointments</c>; null without any.</summary>
    public const string Sql = "string_agg(timestamptz_send(starts_at) || timestamptz_send(ends_at) || timestamptz_send(coalesce(hold_expires_at, 'infinity')), '')";

    private const int Length = 3 * sizeof(long);

    // Postgres counts microseconds, from the year 2000.
    private static readonly long Epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public static BusyInterval[] Read(ReadOnlySpan<byte> bytes)
    {
        var visits = new BusyInterval[bytes.Length / Length];
        for (var i = 0; i < visits.Length; i++, bytes = bytes[Length..])
        {
            var (start, end) = (Instant(bytes), Instant(bytes[sizeof(long)..]));
            visits[i] = new BusyInterval(new Interval(start!.Value, end!.Value), Instant(bytes[(2 * sizeof(long))..]));
        }

        return visits;
    }

    /// <summary>Null for infinity.</summary>
    private static DateTimeOffset? Instant(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadInt64BigEndian(bytes) is var microseconds and not long.MaxValue
            ? new DateTimeOffset(Epoch + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero)
            : null;
}
