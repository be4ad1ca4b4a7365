using Bogus;
using Bogus.DataSets;
using Clinic.MigrationWorker.Files;

namespace Clinic.MigrationWorker.Generation;

/// <summary>As many doctors as are asked for: the first of the files, then invented ones who work as those do.</summary>
internal static class DoctorRoster
{
    private const int Seed = 20_251;

    public static IReadOnlyList<CatalogDoctor> Of(int count, IReadOnlyList<CatalogDoctor> files) =>
        files.Count == 0 ? [] : [.. files.Take(count), .. Enumerable.Range(files.Count, Math.Max(0, count - files.Count)).Select(n => Invented(n, files))];

    /// <summary>Takes specialty, city, hours and treatments of a doctor of the files, in turn; the name is new.</summary>
    private static CatalogDoctor Invented(int number, IReadOnlyList<CatalogDoctor> files)
    {
        // Seeded by number: the 30th doctor is the same person whether 30 or 300 are asked for.
        var faker = new Faker("es") { Random = new Randomizer(Seed + number) };
        var model = files[number % files.Count];
        var gender = faker.PickRandom<Name.Gender>();
        return model with
        {
            Key = $"generated-{number + 1:0000}",
            FullName = $"{(gender == Name.Gender.Female ? "Dra." : "Dr.")} {PersonName.Of(faker, gender)}",
            About = $"{model.Specialty} in {model.City}.",
        };
    }
}
