using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Relates resources to each other and describes their surroundings.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>
    /// Gives the resource the connection string of another: <c>ConnectionStrings__{name}</c>, and its parts as
    /// <c>{NAME}_HOST</c>, <c>{NAME}_PORT</c> and so on.
    /// </summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;

        return builder.WithReferenceTo(resource, async (environment, cancellationToken) =>
        {
            if (await resource.GetConnectionStringAsync(cancellationToken) is { } connectionString)
            {
                environment[$"ConnectionStrings__{name}"] = connectionString;
            }
            else if (!optional)
            {
                throw new DistributedApplicationException($"'{resource.Name}' has no connection string.");
            }

            foreach (var (property, value) in (resource as IConnectionProperties)?.ConnectionProperties ?? [])
            {
                environment[$"{VariableName(name)}_{property.ToUpperInvariant()}"] = value;
            }
        });
    }

    /// <summary>
    /// Tells the resource where another's endpoints are: <c>services__{name}__{endpoint}__0</c> and <c>{NAME}_{ENDPOINT}</c>.
    /// </summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;

        return builder.WithReferenceTo(resource, (environment, _) =>
        {
            foreach (var endpoint in resource.Endpoints())
            {
                environment[$"services__{resource.Name}__{endpoint.EndpointName}__0"] = endpoint.Url;
                environment[$"{VariableName(resource.Name)}_{VariableName(endpoint.EndpointName)}"] = endpoint.Url;
            }

            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Starts the resource when <paramref name="dependency"/> runs and is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport =>
        builder.WaitForResource(dependency.Resource, new WaitAnnotation(dependency.Resource, WaitType.WaitUntilHealthy));

    /// <summary>Starts the resource when <paramref name="dependency"/> has ended with <paramref name="exitCode"/>; any other code keeps it from starting.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport =>
        builder.WaitForResource(dependency.Resource, new WaitAnnotation(dependency.Resource, WaitType.WaitForCompletion, exitCode));

    /// <summary>The resource is healthy when a GET of <paramref name="path"/> answers with <paramref name="statusCode"/>, 200 by default.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints =>
        builder.WithAnnotation(new HttpHealthAnnotation(path ?? "/", statusCode ?? 200, endpointName));

    /// <summary>Sets an environment variable; what is set last wins.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment =>
        builder.WithVariable(name, () => value);

    /// <inheritdoc cref="WithEnvironment{T}(IResourceBuilder{T}, string, string?)"/>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment =>
        builder.WithVariable(name, () => parameter.Resource.CurrentValue);

    /// <summary>Changes the environment each time before the process starts.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback)
        where T : IResourceWithEnvironment =>
        builder.WithAnnotation(new EnvironmentAnnotation((environment, cancellationToken) =>
        {
            var variables = environment.ToDictionary(variable => variable.Key, variable => (object)variable.Value);
            callback(new EnvironmentCallbackContext(variables, builder.Resource, cancellationToken));

            foreach (var removed in environment.Keys.Except(variables.Keys).ToList())
            {
                environment.Remove(removed);
            }

            foreach (var (name, value) in variables)
            {
                environment[name] = TextOf(value);
            }

            return ValueTask.CompletedTask;
        }));

    /// <summary>
    /// Adds a command, or replaces the one with the same name. It is offered in the dashboard and executed in this process.
    /// </summary>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder,
        string name,
        string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null)
        where T : IResource
    {
        if (builder.Resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(command => command.Name == name) is { } replaced)
        {
            builder.Resource.Annotations.Remove(replaced);
        }

        return builder.WithAnnotation(new ResourceCommandAnnotation(name, displayName, executeCommand, commandOptions ?? new()));
    }

    /// <summary>An endpoint by name; its port is known once the application has started.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        builder.Resource.GetEndpoint(name);

    /// <summary>Marks the HTTP endpoints as meant for people outside: their addresses are shown at start.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https"))
        {
            endpoint.IsExternal = true;
        }

        return builder;
    }

    /// <summary>Changes the address that is shown for an endpoint.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<ResourceUrlAnnotation> callback)
        where T : IResource =>
        builder.WithAnnotation(new UrlCallbackAnnotation(endpointName, callback));

    private static IResourceBuilder<T> WithVariable<T>(this IResourceBuilder<T> builder, string name, Func<string?> value)
        where T : IResource
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);

        return builder.WithAnnotation(new EnvironmentAnnotation((environment, _) =>
        {
            environment[name] = value() ?? "";
            return ValueTask.CompletedTask;
        }));
    }

    private static IResourceBuilder<T> WithReferenceTo<T>(
        this IResourceBuilder<T> builder, IResource resource, Func<IDictionary<string, string>, CancellationToken, ValueTask> apply)
        where T : IResource =>
        builder.WithAnnotation(new EnvironmentAnnotation(apply)).WithAnnotation(new ResourceRelationshipAnnotation(resource, "Reference"));

    private static IResourceBuilder<T> WaitForResource<T>(this IResourceBuilder<T> builder, IResource dependency, WaitAnnotation wait)
        where T : IResource =>
        builder.WithAnnotation(wait).WithAnnotation(new ResourceRelationshipAnnotation(dependency, "WaitFor"));

    private static string TextOf(object value) => value switch
    {
        ParameterResource parameter => parameter.CurrentValue,
        EndpointReference endpoint => endpoint.Url,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string VariableName(string name) => name.Replace('-', '_').ToUpperInvariant();
}
