using Bogus;
using Bogus.DataSets;
using Clinic.Data;
using Clinic.Data.Patients;

namespace Clinic.MigrationWorker.Generation;

/// <summary>Invents the patients: names, numbers and addresses that belong to nobody.</summary>
internal sealed class PatientRecords
{
    private const int Seed = 20_252;

    private readonly Faker _faker = new("es") { Random = new Randomizer(Seed) };
    private readonly Random _random = new(Seed);
    private readonly HashSet<int> _documents = [];

    /// <summary>The patients in order of their number; made while they are read, each once.</summary>
    /// <param name="registeredAt">When each patient was registered.</param>
    public IEnumerable<Patient> Invent(IEnumerable<DateTimeOffset> registeredAt)
    {
        var number = 0;
        foreach (var at in registeredAt)
        {
            number++;
            var fullName = PersonName.Of(_faker, _faker.PickRandom<Name.Gender>());
            yield return new Patient
            {
                Id = SeededIds.Version7(at, _random),
                FullName = fullName,
                DocumentNumber = Dni(),
                Email = $"{Mailbox(fullName)}.{number}@correo.example",
                Phone = $"+51 9{_random.Next(100):00} {_random.Next(1000):000} {_random.Next(1000):000}",
                TimeZone = "America/Lima",
                CreatedAt = at,
            };
        }
    }

    /// <summary>Eight digits, no two the same.</summary>
    private string Dni()
    {
        int number;
        do
        {
            number = _random.Next(10_000_000, 80_000_000);
        }
        while (!_documents.Add(number));

        return number.ToString("00000000", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Given name and first surname in the letters that an address allows. The domain <c>.example</c> is reserved (RFC 2606).</summary>
    private static string Mailbox(string fullName)
    {
        var words = SearchText.Fold(fullName).Split(' ').Select(word => string.Concat(word.Where(char.IsAsciiLetterLower))).Where(word => word.Length > 0);
        return string.Join('.', words.Take(2));
    }
}
