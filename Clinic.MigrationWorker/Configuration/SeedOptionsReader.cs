using System.Globalization;
using Clinic.MigrationWorker.Running;

namespace Clinic.MigrationWorker.Configuration;

/// <summary>
/// Reads <see cref="SeedOptions"/> by hand, since the configuration binder passes over keys that it does not know: a
/// mistyped <c>Seed:Patiens</c> would silently seed the default. An empty value counts as not given.
/// </summary>
internal static class SeedOptionsReader
{
    private static readonly string[] Known =
    [
        nameof(SeedOptions.Patients),
        nameof(SeedOptions.AppointmentsPerDoctor),
        nameof(SeedOptions.Doctors),
        nameof(SeedOptions.Reset),
        nameof(SeedOptions.Folder),
    ];

    public static void AddSeedOptions(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton(_ => Read(builder.Configuration, builder.Environment));

    /// <exception cref="WorkerFailure">Any setting is wrong; all of them are told.</exception>
    public static SeedOptions Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var seed = configuration.GetSection("Seed");
        var problems = new List<string>();
        problems.AddRange(seed.GetChildren().Select(s => s.Key).Where(key => !Known.Contains(key, StringComparer.OrdinalIgnoreCase)).Select(Unknown));

        var defaults = new SeedOptions();
        var options = new SeedOptions
        {
            Patients = Number(nameof(SeedOptions.Patients), SeedOptions.MostPatients) ?? defaults.Patients,
            AppointmentsPerDoctor = Number(nameof(SeedOptions.AppointmentsPerDoctor), SeedOptions.MostAppointmentsPerDoctor) ?? defaults.AppointmentsPerDoctor,
            Doctors = Number(nameof(SeedOptions.Doctors), SeedOptions.MostDoctors),
            Reset = YesOrNo(nameof(SeedOptions.Reset)),
            Folder = Given(nameof(SeedOptions.Folder)) ?? defaults.Folder,
        };
        if (options.Reset && environment.IsProduction())
        {
            problems.Add("Seed:Reset is refused in the Production environment: it would drop every patient and visit. "
                + "Where that is meant, set DOTNET_ENVIRONMENT=Development.");
        }

        return problems.Count == 0 ? options : throw new WorkerFailure(problems);

        int? Number(string key, int most)
        {
            if (Given(key) is not { } text)
            {
                return null;
            }

            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= most)
            {
                return number;
            }

            problems.Add($"Seed:{key} is '{text}': give a whole number from 0 to {most}.");
            return null;
        }

        bool YesOrNo(string key)
        {
            if (Given(key) is not { } text)
            {
                return false;
            }

            if (bool.TryParse(text, out var yes))
            {
                return yes;
            }

            problems.Add($"Seed:{key} is '{text}': give true or false.");
            return false;
        }

        string? Given(string key) => string.IsNullOrWhiteSpace(seed[key]) ? null : seed[key]!.Trim();
    }

    private static string Unknown(string key) =>
        $"Seed:{key} is not a setting{Suggestion.For(key, Known, known => $"Seed:{known}")}. Known are {string.Join(", ", Known.Select(k => $"Seed:{k}"))}.";
}
