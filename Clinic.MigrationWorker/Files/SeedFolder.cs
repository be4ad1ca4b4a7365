using System.Security.Cryptography;
using Clinic.MigrationWorker.Running;

namespace Clinic.MigrationWorker.Files;

/// <summary>Reads and checks the three seed files of a folder, before anything of them is stored.</summary>
internal static class SeedFolder
{
    /// <exception cref="WorkerFailure">The folder or a file cannot be read, or any entry is wrong; every problem is told.</exception>
    public static async Task<SeedCatalog> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new WorkerFailure($"The folder of the seed files, '{Path.GetFullPath(folder)}', does not exist. Seed:Folder sets it.");
        }

        var doctorsFile = await ContentAsync(folder, DoctorsFile.Name, cancellationToken);
        var treatmentsFile = await ContentAsync(folder, TreatmentsFile.Name, cancellationToken);
        var availabilityFile = await ContentAsync(folder, AvailabilityFile.Name, cancellationToken);

        var problems = new SeedProblems();
        var read = DoctorsFile.Read(doctorsFile, problems);
        var keys = new DoctorKeys(read?.Keys);
        var treatments = TreatmentsFile.Read(treatmentsFile, keys, problems);
        var windows = AvailabilityFile.Read(availabilityFile, keys, problems);
        var doctors = read?.Doctors.Select(d => d with { Treatments = [.. treatments[d.Key]], Windows = [.. windows[d.Key]] }).ToList() ?? [];
        if (problems.Count == 0)
        {
            foreach (var doctor in doctors.Where(d => d.Treatments.Count == 0))
            {
                problems.Add(TreatmentsFile.Name, $"has no treatment of doctor '{doctor.Key}', who could not be booked.");
            }
        }

        problems.ThrowIfAny();
        return new SeedCatalog(doctors, Fingerprint(doctorsFile!, treatmentsFile!, availabilityFile!));
    }

    private static async Task<byte[]?> ContentAsync(string folder, string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(Path.Combine(folder, file), cancellationToken);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new WorkerFailure($"{file} in '{Path.GetFullPath(folder)}' cannot be read: {denied.Message}", denied);
        }
    }

    private static string Fingerprint(params byte[][] files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(file);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..8];
    }
}
