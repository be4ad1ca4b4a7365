using Bogus;
using Bogus.DataSets;

namespace Clinic.MigrationWorker.Generation;

/// <summary>An invented name as it is customary in Peru: a given name and two surnames.</summary>
internal static class PersonName
{
    public static string Of(Faker faker, Name.Gender gender) =>
        $"{faker.Name.FirstName(gender)} {faker.Name.LastName(gender)} {faker.Name.LastName(gender)}";
}
