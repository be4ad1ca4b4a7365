using Clinic.MigrationWorker.Accounts;
using Clinic.MigrationWorker.Configuration;
using Clinic.MigrationWorker.Database;

namespace Clinic.MigrationWorker.Running;

/// <summary>Runs the work once inside a started host, so that telemetry is sent, and turns its outcome into the exit code.</summary>
internal static class OneRun
{
    private const int Done = 0;
    private const int Failed = 1;

    public static async Task<int> RunToEndAsync(this IHost host)
    {
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Clinic.MigrationWorker");
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            // Settings first: a typo is told even where no database answers.
            _ = host.Services.GetRequiredService<SeedOptions>();
            _ = host.Services.GetRequiredService<AccountOptions>();
            await host.StartAsync(stopping);
            await host.Services.GetRequiredService<DatabaseInitializer>().RunAsync(stopping);
            return Done;
        }
        catch (WorkerFailure failure)
        {
            foreach (var problem in failure.Problems)
            {
                logger.LogError("{Problem}", problem);
            }

            return Failed;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            logger.LogError("Stopped before the database was ready. Nothing is left half seeded; start again.");
            return Failed;
        }
        catch (Exception unexpected)
        {
            logger.LogCritical(unexpected, "The database could not be prepared: {Reason}", unexpected.GetBaseException().Message);
            return Failed;
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }
}
