using Clinic.MigrationWorker.Configuration;

namespace Clinic.MigrationWorker.Files;

/// <summary>The doctors that other files may name; null where their own file is unreadable, which is problem enough.</summary>
internal sealed class DoctorKeys(IReadOnlySet<string>? keys)
{
    /// <summary>Reads the field <c>doctor</c>.</summary>
    public string? Read(EntryReader entry)
    {
        var key = entry.Text("doctor", 60);
        if (key is null || keys?.Contains(key) != false)
        {
            return key;
        }

        entry.Problem($"doctor '{key}' is not in {DoctorsFile.Name}{Suggestion.For(key, keys)}.");
        return null;
    }
}
