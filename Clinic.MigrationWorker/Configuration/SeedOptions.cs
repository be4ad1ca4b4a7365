using Clinic.MigrationWorker.Running;

namespace Clinic.MigrationWorker.Configuration;

/// <summary>What to seed: the settings under <c>Seed:</c>. Zero of anything is allowed and makes an emptier clinic.</summary>
public sealed record SeedOptions
{
    public const int MostDoctors = 2_000;
    public const int MostPatients = 200_000;
    public const int MostAppointmentsPerDoctor = 20_000;

    /// <summary>Visits of all doctors: they are planned in memory, some 500 bytes each.</summary>
    public const int MostAppointments = 1_000_000;

    /// <summary>Generated patients, 0 to <see cref="MostPatients"/>. Without any there are no visits either.</summary>
    public int Patients { get; init; } = 100;

    /// <summary>Generated visits of each doctor on average, 0 to <see cref="MostAppointmentsPerDoctor"/>.</summary>
    public int AppointmentsPerDoctor { get; init; } = 20;

    /// <summary>
    /// How many doctors, 0 to <see cref="MostDoctors"/>: the first of the file, then generated ones. Null is as many as
    /// the file has.
    /// </summary>
    public int? Doctors { get; init; }

    /// <summary>Drops all that the clinic's database holds and starts over. Refused in Production.</summary>
    public bool Reset { get; init; }

    /// <summary>Folder of the seed files; by default <c>data</c> beside the program.</summary>
    public string Folder { get; init; } = Path.Combine(AppContext.BaseDirectory, "data");

    /// <summary>Checks what depends on how many doctors the file has.</summary>
    /// <exception cref="WorkerFailure">The numbers make no clinic, or one that is too large.</exception>
    public void CheckAgainst(int doctorsInFile)
    {
        var doctors = Doctors ?? doctorsInFile;
        if (doctors > 0 && doctorsInFile == 0)
        {
            throw new WorkerFailure($"Seed:Doctors is {doctors}, but doctors.json has nobody whom generated doctors could be like.");
        }

        if ((long)doctors * AppointmentsPerDoctor > MostAppointments)
        {
            throw new WorkerFailure(
                $"{doctors} doctors with Seed:AppointmentsPerDoctor={AppointmentsPerDoctor} make more than {MostAppointments} visits: lower one of the two.");
        }
    }
}
