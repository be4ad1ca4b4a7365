using System.Diagnostics;

namespace Clinic.ServiceDefaults.Telemetry;

/// <summary>
/// What the clinic's own spans and metrics are known by. Ids of doctors and visits may be in them; nothing that a person is
/// known by may: no name, address, document number, free text, or message of an exception that could quote one.
/// </summary>
public static class ClinicTelemetry
{
    /// <summary>Name of the activity source and of the meter, which comes from <c>IMeterFactory</c>.</summary>
    public const string Name = "Clinic";

    /// <summary>Source of the clinic's own spans.</summary>
    public static readonly ActivitySource Activities = new(Name);

    /// <summary>Marks a span as failed with the kind of failure. Its message stays out: it may quote what somebody entered.</summary>
    public static void Fail(this Activity span, Exception exception)
    {
        span.SetStatus(ActivityStatusCode.Error);
        span.SetTag("error.type", exception.GetType().FullName);
    }
}
