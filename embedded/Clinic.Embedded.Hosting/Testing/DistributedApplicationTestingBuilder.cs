namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost in a test: random ports, throw-away data, no console.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs the AppHost's entry point up to where it builds the application.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost's assembly: <c>Projects.{AppHost}</c>.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class =>
        CreateAsync<TEntryPoint>([], cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(CancellationToken)"/>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        var (run, builder) = await EntryPointRun.StartAsync(typeof(TEntryPoint).Assembly, args, cancellationToken);
        return new TestingBuilder(run, builder);
    }
}
