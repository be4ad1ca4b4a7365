using System.Diagnostics;
using System.Diagnostics.Metrics;
using Clinic.ServiceDefaults.Telemetry;

namespace Clinic.Api.Appointments;

/// <summary>How long changes of a calendar wait for the doctor's row.</summary>
internal sealed class DoctorLockMetrics(IMeterFactory meters)
{
    private readonly Histogram<double> _wait = meters.Create(ClinicTelemetry.Name).CreateHistogram(
        "clinic.doctor_lock.wait.duration",
        "s",
        "Time until the lock on a doctor's row was taken, with the round trip that takes it.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    /// <summary>Measures the command that takes the lock, also when it gives up.</summary>
    public async Task<T> WaitAsync<T>(Func<Task<T>> takeLock)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await takeLock();
        }
        finally
        {
            _wait.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }
}
