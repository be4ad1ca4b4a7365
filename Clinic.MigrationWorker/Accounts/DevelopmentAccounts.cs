namespace Clinic.MigrationWorker.Accounts;

/// <summary>One account for each role, to try the clinic with. Their codes arrive in Development's mailbox, nowhere else.</summary>
internal static class DevelopmentAccounts
{
    public const string Admin = "admin@clinic.example";
    public const string Staff = "staff@clinic.example";

    /// <summary>Of the first doctor of the seed.</summary>
    public const string Doctor = "doctor@clinic.example";

    public const string Patient = "patient@clinic.example";
}
