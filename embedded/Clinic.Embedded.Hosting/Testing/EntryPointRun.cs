using System.Reflection;

namespace Aspire.Hosting.Testing;

/// <summary>
/// Runs an AppHost's own entry point on a thread of its own and stops it where it builds the application, so that a test
/// can change the description and starts the application itself. The entry point then waits in <c>Run()</c> until the test is done.
/// </summary>
internal sealed class EntryPointRun
{
    private static readonly AsyncLocal<EntryPointRun?> CurrentRun = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EntryPointRun(Assembly appHostAssembly) => AppHostAssembly = appHostAssembly;

    /// <summary>The test that runs the code that asks, if one does.</summary>
    public static EntryPointRun? Current => CurrentRun.Value;

    public Assembly AppHostAssembly { get; }

    /// <summary>Runs the entry point of the assembly until it builds its application.</summary>
    public static async Task<(EntryPointRun Run, DistributedApplicationBuilder Builder)> StartAsync(
        Assembly appHostAssembly, string[] args, CancellationToken cancellationToken)
    {
        var entryPoint = appHostAssembly.EntryPoint
            ?? throw new InvalidOperationException($"{appHostAssembly.GetName().Name} has no entry point; is it an AppHost?");
        var run = new EntryPointRun(appHostAssembly);

        new Thread(() => run.Invoke(entryPoint, args)) { IsBackground = true, Name = $"{appHostAssembly.GetName().Name} entry point" }.Start();
        return (run, await run._builder.Task.WaitAsync(cancellationToken));
    }

    /// <summary>Lets the entry point build the application.</summary>
    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _mayBuild.TrySetResult();
        return _application.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the entry point, if it has not built anything yet.</summary>
    public void Abandon() => _mayBuild.TrySetCanceled();

    /// <summary>Called by the entry point where it builds; returns when the test lets it.</summary>
    public void OnBuilding(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        _mayBuild.Task.GetAwaiter().GetResult();
    }

    public void OnBuilt(DistributedApplication application) => _application.TrySetResult(application);

    private void Invoke(MethodInfo entryPoint, string[] args)
    {
        CurrentRun.Value = this;

        try
        {
            entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? [] : [args]);
            Fail(new InvalidOperationException("The entry point ended without building a DistributedApplication."));
        }
        catch (TargetInvocationException exception)
        {
            Fail(exception.InnerException ?? exception);
        }
    }

    private void Fail(Exception exception)
    {
        _builder.TrySetException(exception);
        _application.TrySetException(exception);
    }
}
