using System.Text.RegularExpressions;
using Clinic.Core.Scheduling;
using Clinic.Data.Doctors;

namespace Clinic.MigrationWorker.Files;

/// <summary><c>treatments.json</c>: what each doctor offers.</summary>
internal static partial class TreatmentsFile
{
    public const string Name = "treatments.json";

    private const decimal HighestPrice = 100_000;

    /// <summary>The sound treatments by their doctor's key.</summary>
    public static ILookup<string, CatalogTreatment> Read(byte[]? content, DoctorKeys doctors, SeedProblems problems)
    {
        var seen = new HashSet<(string Doctor, string Name)>();
        var treatments = new List<(string Doctor, CatalogTreatment Treatment)>();
        foreach (var entry in JsonFile.Entries(content, Name, "doctor", problems) ?? [])
        {
            var doctor = doctors.Read(entry);
            var name = entry.Text("name", 200);
            var price = entry.Amount("price", HighestPrice);
            var currency = entry.Text("currency", 3, pattern: Iso4217(), expected: "an ISO 4217 code, as PEN");
            var duration = entry.Integer("durationMinutes", Grid.Minutes, Treatment.MaxDurationMinutes, multipleOf: Grid.Minutes);
            var modalities = entry.Choices<Modality>("modalities");
            entry.AllowNoOthers();
            if (doctor is not null && name is not null && !seen.Add((doctor, name.ToLowerInvariant())))
            {
                entry.Problem($"the doctor has another treatment with the name '{name}'.");
            }

            if (entry.IsSound)
            {
                treatments.Add((doctor!, new CatalogTreatment(name!, price!.Value, currency!, duration!.Value, modalities!)));
            }
        }

        return treatments.ToLookup(t => t.Doctor, t => t.Treatment);
    }

    [GeneratedRegex(@"^[A-Z]{3}\z")]
    private static partial Regex Iso4217();
}
