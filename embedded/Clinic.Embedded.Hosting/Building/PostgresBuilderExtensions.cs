using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Postgres;
using Clinic.Embedded.Hosting.Storage;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL servers and databases.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a PostgreSQL server. Its data is thrown away at the end unless <see cref="WithDataVolume"/> keeps it.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="userName">The superuser's name; <c>postgres</c> by default.</param>
    /// <param name="password">The superuser's password; <c>Parameters:{name}-password</c> or a generated one by default.</param>
    /// <param name="port">A fixed port; a free one by default.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        PostgresServerResource? server = null;
        var passwordParameter = password?.Resource ?? builder.AddDefaultPassword($"{name}-password", () => KeptPassword(builder, server!));

        server = new PostgresServerResource(name, userName?.Resource, passwordParameter);
        return builder.AddResource(server)
            .WithAnnotation(new EndpointAnnotation(PostgresServerResource.PrimaryEndpointName, "tcp", port));
    }

    /// <summary>Keeps the data between runs, in a folder of the user. Under a test it is thrown away all the same.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        if (isReadOnly)
        {
            throw new DistributedApplicationException($"'{builder.Resource.Name}' cannot keep its data in a read-only volume.");
        }

        return builder.WithAnnotation(
            new DataVolumeAnnotation(name ?? builder.Resource.Name), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Adds a database to the server; it is created when it is missing.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(database.Name, database.DatabaseName);

        return builder.ApplicationBuilder.AddResource(database)
            .WithAnnotation(new ResourceRelationshipAnnotation(builder.Resource, "Parent"))
            .WithAnnotation(new WaitAnnotation(builder.Resource, WaitType.WaitUntilHealthy));
    }

    /// <summary>Data that is kept needs a password that is kept.</summary>
    private static string KeptPassword(IDistributedApplicationBuilder builder, PostgresServerResource server) =>
        PostgresVolume.Of(server, builder.EmbeddedSettings()) is { } volume
            ? volume.ReadOrCreatePassword()
            : ParameterResourceBuilderExtensions.NewPassword();
}
