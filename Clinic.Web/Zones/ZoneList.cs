using Clinic.Core.Scheduling;

namespace Clinic.Web.Zones;

/// <summary>The zones to choose from, by region, as the platform's rules have them.</summary>
public static class ZoneList
{
    private static readonly HashSet<string> Regions =
        ["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

    /// <summary>Region and its IANA names, both in order.</summary>
    public static readonly IReadOnlyList<IGrouping<string, string>> ByRegion =
    [
        .. TimeZoneInfo.GetSystemTimeZones()
            .Select(z => z.Id)
            .Where(id => id.Contains('/') && Regions.Contains(Region(id)) && TimeZones.TryFind(id, out _))
            .Order(StringComparer.Ordinal)
            .GroupBy(Region),
    ];

    /// <summary><c>Argentina/Buenos Aires</c> of <c>America/Argentina/Buenos_Aires</c>.</summary>
    public static string WithinRegion(string id) => id[(id.IndexOf('/') + 1)..].Replace('_', ' ');

    private static string Region(string id) => id[..id.IndexOf('/')];
}
