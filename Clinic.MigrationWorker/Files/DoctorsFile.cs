using System.Text.RegularExpressions;
using Clinic.Core.Scheduling;

namespace Clinic.MigrationWorker.Files;

/// <summary><c>doctors.json</c>: who receives patients, by which rules and in which weekly hours.</summary>
internal static partial class DoctorsFile
{
    public const string Name = "doctors.json";

    private const int MostWindows = 100;

    /// <summary>The sound doctors, without treatments and windows, and every key that the file gives; null where it is unreadable.</summary>
    public static (List<CatalogDoctor> Doctors, HashSet<string> Keys)? Read(byte[]? content, SeedProblems problems)
    {
        if (JsonFile.Entries(content, Name, "key", problems) is not { } entries)
        {
            return null;
        }

        var doctors = new List<CatalogDoctor>();
        var keys = new HashSet<string>();
        foreach (var entry in entries)
        {
            if (Doctor(entry, keys) is { } doctor)
            {
                doctors.Add(doctor);
            }
        }

        return (doctors, keys);
    }

    private static CatalogDoctor? Doctor(EntryReader entry, HashSet<string> keys)
    {
        var key = entry.Text("key", 60, pattern: Slug(), expected: "lower-case letters and digits in words joined by '-', up to 60 characters");
        var fullName = entry.Text("fullName", 200);
        var specialty = entry.Text("specialty", 100);
        var city = entry.Text("city", 100);
        var timeZone = entry.Text("timeZone", 64);
        var about = entry.Text("about", 2000, required: false);
        var rules = entry.Object("rules") is { } r ? Rules(r) : null;
        var weekly = entry.Objects("weekly", MostWindows).Select(Weekly).OfType<WeeklyHours>().ToList();
        entry.AllowNoOthers();

        TimeZoneInfo? zone = null;
        if (timeZone is not null && !TimeZones.TryFind(timeZone, out zone))
        {
            entry.Problem($"timeZone '{timeZone}' is unknown: give an IANA name, as America/Lima.");
        }

        if (key is not null && !keys.Add(key))
        {
            entry.Problem("an earlier entry has the same key.");
        }

        TellOverlaps(weekly, entry);
        return !entry.IsSound ? null : new CatalogDoctor
        {
            Key = key!,
            FullName = fullName!,
            Specialty = specialty!,
            City = city!,
            Zone = zone!,
            About = about,
            Rules = rules!,
            Weekly = weekly,
        };
    }

    private static BookingRules? Rules(EntryReader rules)
    {
        var slot = rules.Integer("slotMinutes", Grid.Minutes, 240, multipleOf: Grid.Minutes);
        var buffer = rules.Integer("bufferMinutes", 0, 240);
        var notice = rules.Integer("minNoticeMinutes", 0, 43_200);
        var horizon = rules.Integer("horizonDays", 1, 730);
        rules.AllowNoOthers();
        return rules.IsSound ? new BookingRules(slot!.Value, buffer!.Value, notice!.Value, horizon!.Value) : null;
    }

    private static WeeklyHours? Weekly(EntryReader window)
    {
        var day = window.Choice<DayOfWeek>("dayOfWeek");
        var times = WindowTimes.Read(window);
        var modality = window.Choice<WindowModality>("modality");
        window.AllowNoOthers();
        return window.IsSound ? new WeeklyHours(day!.Value, times!.Value.Start, times.Value.End, modality!.Value) : null;
    }

    /// <summary>A doctor is in one place at a time.</summary>
    private static void TellOverlaps(List<WeeklyHours> weekly, EntryReader entry)
    {
        var rest = weekly.ToList();
        while (WeeklyOverlap.Find(rest) is var (first, second))
        {
            entry.Problem($"weekly windows overlap: {Show(rest[first])} and {Show(rest[second])}.");
            rest.RemoveAt(second);
        }
    }

    private static string Show(WeeklyHours hours) => $"{hours.DayOfWeek.ToString().ToLowerInvariant()} {hours.Start:HH:mm}-{hours.End:HH:mm}";

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Slug();
}
