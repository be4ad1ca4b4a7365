namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>The names under which the dashboard looks for details of a resource.</summary>
internal static class KnownProperties
{
    public const string ProcessId = "executable.pid";
    public const string ProgramPath = "executable.path";
    public const string WorkingDirectory = "executable.workDir";
    public const string ProjectPath = "project.path";
    public const string LaunchProfile = "project.launchProfile";
    public const string ExitCode = "resource.exitCode";
    public const string Parent = "resource.parentName";
    public const string ConnectionString = "resource.connectionString";
    public const string ParameterValue = "Value";
}
