namespace Clinic.Api.Requests;

/// <summary>How much a request may ask for.</summary>
internal static class RequestLimits
{
    public const int MaxBodyBytes = 64 * 1024;

    public const int MaxPageSize = 100;

    /// <summary>Days of one slot search.</summary>
    public const int MaxDays = 31;

    public static void AddRequestLimits(this WebApplicationBuilder builder) =>
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.AddServerHeader = false;
        });
}
