using Clinic.ServiceDefaults.Telemetry;

namespace Clinic.MigrationWorker.Running;

/// <summary>A step of the worker, as a span of its trace.</summary>
internal static class WorkerStep
{
    public static Task RunAsync(string name, Func<Task> step) => RunAsync(name, async () =>
    {
        await step();
        return true;
    });

    public static async Task<T> RunAsync<T>(string name, Func<Task<T>> step)
    {
        using var span = ClinicTelemetry.Activities.StartActivity(name);
        try
        {
            return await step();
        }
        catch (Exception failure)
        {
            span?.Fail(failure);
            throw;
        }
    }
}
