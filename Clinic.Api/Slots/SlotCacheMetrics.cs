using System.Diagnostics.Metrics;
using Clinic.ServiceDefaults.Telemetry;

namespace Clinic.Api.Slots;

/// <summary>How often an answer was found in Redis.</summary>
internal sealed class SlotCacheMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _reads = meters.Create(ClinicTelemetry.Name).CreateCounter<long>(
        "clinic.slot_cache.reads", "{read}", "Answers looked up in Redis: hit, miss, or unavailable when Redis was not to be used.");

    public void Hit() => Count("hit");

    public void Miss() => Count("miss");

    public void Unavailable() => Count("unavailable");

    private void Count(string result) => _reads.Add(1, new KeyValuePair<string, object?>("result", result));
}
