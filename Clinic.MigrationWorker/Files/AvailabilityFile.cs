using Clinic.Core.Scheduling;

namespace Clinic.MigrationWorker.Files;

/// <summary><c>availability.json</c>: extra hours and closures, in days from the day of seeding, so that the file does not age.</summary>
internal static class AvailabilityFile
{
    public const string Name = "availability.json";

    private const int FarthestBack = -365;
    private const int FarthestAhead = 730;

    /// <summary>The sound windows by their doctor's key.</summary>
    public static ILookup<string, CatalogWindow> Read(byte[]? content, DoctorKeys doctors, SeedProblems problems)
    {
        var seen = new HashSet<(string Doctor, CatalogWindow Window)>();
        foreach (var entry in JsonFile.Entries(content, Name, "doctor", problems) ?? [])
        {
            var doctor = doctors.Read(entry);
            var inDays = entry.Integer("inDays", FarthestBack, FarthestAhead);
            var times = WindowTimes.Read(entry);
            var modality = entry.Choice<WindowModality>("modality");
            var kind = entry.Choice<ExceptionKind>("kind");
            var reason = entry.Text("reason", 200, required: false);
            entry.AllowNoOthers();
            if (entry.IsSound
                && !seen.Add((doctor!, new CatalogWindow(inDays!.Value, times!.Value.Start, times.Value.End, kind!.Value, modality!.Value, reason))))
            {
                entry.Problem("an earlier entry says the same.");
            }
        }

        return seen.ToLookup(w => w.Doctor, w => w.Window);
    }
}
