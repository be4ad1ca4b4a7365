namespace Clinic.ServiceDefaults;

/// <summary>Where orchestrators and load balancers ask how a service is.</summary>
internal static class HealthPaths
{
    public const string Health = "/health";
    public const string Alive = "/alive";
}
