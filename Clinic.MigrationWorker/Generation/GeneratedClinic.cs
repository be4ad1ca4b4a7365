using Clinic.Data.Patients;
using Clinic.MigrationWorker.Files;
using Clinic.MigrationWorker.Running;

namespace Clinic.MigrationWorker.Generation;

/// <summary>All that a seed makes, before anything of it is stored. The same catalog, numbers and clock make the same.</summary>
/// <param name="Doctors">Files' and invented ones.</param>
/// <param name="Patients">By the number that visits name.</param>
/// <param name="Visits">Past, coming and cancelled ones.</param>
/// <param name="Now">The instant at which it was made; dated windows count from its date.</param>
/// <param name="OpenedAt">Before anything else happened.</param>
internal sealed record GeneratedClinic(
    IReadOnlyList<CatalogDoctor> Doctors,
    IReadOnlyList<Patient> Patients,
    IReadOnlyList<PlannedVisit> Visits,
    DateTimeOffset Now,
    DateTimeOffset OpenedAt)
{
    private const int Seed = 20_253;

    /// <exception cref="WorkerFailure">There is no room for so many visits.</exception>
    public static GeneratedClinic Of(IReadOnlyList<CatalogDoctor> doctors, int patients, int visitsPerDoctor, DateTimeOffset now)
    {
        var random = new Random(Seed);
        var planner = new VisitPlanner(patients, now, random);
        var visits = patients == 0
            ? []
            : doctors.SelectMany((doctor, i) => planner.Plan(doctor, VisitShares.Of(i, visitsPerDoctor))).ToList();

        var registered = Registrations(patients, visits, now, random);
        var opened = registered.Append(now).Min() - TimeSpan.FromDays(30);
        return new GeneratedClinic(doctors, [.. new PatientRecords().Invent(registered)], visits, now, opened);
    }

    /// <summary>Patients are registered shortly before they book for the first time, or sometime within the past year.</summary>
    private static DateTimeOffset[] Registrations(int patients, IReadOnlyList<PlannedVisit> visits, DateTimeOffset now, Random random)
    {
        var firstBooking = new DateTimeOffset?[patients];
        foreach (var visit in visits)
        {
            if (firstBooking[visit.Patient] is not { } earlier || visit.BookedAt < earlier)
            {
                firstBooking[visit.Patient] = visit.BookedAt;
            }
        }

        return [.. firstBooking.Select(booking => booking is { } first
            ? first - TimeSpan.FromMinutes(random.Next(2, 30))
            : now - TimeSpan.FromMinutes(random.Next(60, 365 * 24 * 60)))];
    }
}
