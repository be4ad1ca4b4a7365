using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Clinic.Embedded.Hosting.Processes;

/// <summary>
/// Stops the application when the <c>dotnet run</c> that started it is gone. It waits for the AppHost as long as it lives, so somebody
/// has killed it and takes the application for ended.
/// </summary>
internal sealed class ParentWatch(IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var parent = Parent();
            if (parent is { ProcessName: "dotnet" })
            {
                await parent.WaitForExitAsync(stoppingToken);
                lifetime.StopApplication();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application ends first, as it should.
        }
    }

    private static Process? Parent()
    {
        try
        {
            return OperatingSystem.IsWindows() ? null : Process.GetProcessById(ParentProcessId());
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int ParentProcessId();
}
