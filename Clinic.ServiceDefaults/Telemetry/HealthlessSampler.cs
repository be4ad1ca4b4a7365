using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Clinic.ServiceDefaults.Telemetry;

/// <summary>
/// Records every trace but those of health checks. What is called from within an unrecorded span is not recorded either, so
/// the check's SQL goes with it.
/// </summary>
internal sealed class HealthlessSampler : Sampler
{
    private static readonly ParentBasedSampler All = new(new AlwaysOnSampler());

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Kind == ActivityKind.Server && AsksForHealth(samplingParameters.Tags)
            ? new SamplingResult(SamplingDecision.Drop)
            : All.ShouldSample(samplingParameters);

    private static bool AsksForHealth(IEnumerable<KeyValuePair<string, object?>>? tags)
    {
        foreach (var (name, value) in tags ?? [])
        {
            if (name == "url.path")
            {
                return value is HealthPaths.Health or HealthPaths.Alive;
            }
        }

        return false;
    }
}
