namespace Clinic.MigrationWorker.Files;

/// <summary>The clinic's quarter hour: windows of the seed files begin and end on it, so generated visits do too.</summary>
internal static class Grid
{
    public const int Minutes = 15;
}
