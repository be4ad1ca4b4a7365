using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Clinic.Core.Scheduling;

/// <summary>IANA time zones by name (R16).</summary>
public static partial class TimeZones
{
    /// <summary>
    /// Finds a zone by its IANA name, as <c>America/Lima</c>. Names are case-sensitive; Windows names, and files that
    /// merely lie in the zone folder of a machine (<c>localtime</c>, <c>posix/…</c>), are not zones.
    /// </summary>
    public static bool TryFind(string? name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        return name is not null
            && IanaName().IsMatch(name)
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone)
            && zone.HasIanaId;
    }

    /// <summary>Finds a zone that is known to exist, as one that was checked before it was stored.</summary>
    /// <exception cref="TimeZoneNotFoundException">The machine's zone rules do not have it.</exception>
    public static TimeZoneInfo Find(string name) =>
        TryFind(name, out var zone) ? zone : throw new TimeZoneNotFoundException($"Unknown time zone '{name}'.");

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*\z")]
    private static partial Regex IanaName();
}
