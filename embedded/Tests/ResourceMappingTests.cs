using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Dashboard;
using Clinic.Embedded.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Clinic.Tests.Embedded;

/// <summary>What the dashboard is told about a resource.</summary>
public sealed class ResourceMappingTests
{
    private static readonly ParameterResource Password = new("postgres-password", () => "hush", secret: true);
    private static readonly PostgresServerResource Server = new("postgres", userName: null, Password);

    private readonly ResourceMapping _mapping = new(
        new ServiceCollection().BuildServiceProvider(), resource => resource == Server ? "postgres-abcdefgh" : null);

    [Fact]
    public void A_process_goes_by_its_id_and_shows_its_resources_name()
    {
        var described = Describe(new ProjectResource("api"), KnownResourceStates.Running, "api-abcdefgh");

        Assert.Equal("api-abcdefgh", described.Name);
        Assert.Equal("api", described.DisplayName);
        Assert.Equal("Running", described.State);
    }

    [Fact]
    public void A_state_has_no_style_of_its_own_so_that_an_unhealthy_resource_does_not_look_healthy()
    {
        var described = _mapping.Describe(new ResourceEvent(new ProjectResource("api"), "api-abcdefgh", new()
        {
            ResourceType = "Project",
            State = KnownResourceStates.Running,
            HealthReports = [new("api_check", HealthStatus.Unhealthy, "answered 503", null), new("not_asked_yet", null, null, null)],
        }));

        Assert.Equal("answered 503", described.HealthReports[0].Description);
        Assert.True(described.HealthReports[0].HasStatus);
        Assert.False(described.HealthReports[1].HasStatus);
    }

    [Fact]
    public void A_process_that_has_ended_shows_its_exit_code()
    {
        var described = _mapping.Describe(new ResourceEvent(
            new ProjectResource("api"), "api-abcdefgh", new() { ResourceType = "Project", State = KnownResourceStates.Exited, ExitCode = 137 }));

        Assert.Equal(137, Property(described, KnownProperties.ExitCode).Value.NumberValue);
    }

    [Fact]
    public void A_database_lies_under_its_server()
    {
        var described = Describe(new PostgresDatabaseResource("clinicdb", "clinicdb", Server), KnownResourceStates.Waiting, "clinicdb");

        Assert.Equal("postgres-abcdefgh", Property(described, KnownProperties.Parent).Value.StringValue);
    }

    [Fact]
    public void A_secret_parameter_is_sensitive_and_an_open_one_is_not()
    {
        var open = new ParameterResource("region", () => "lima", secret: false);

        Assert.True(Property(Describe(Password, KnownResourceStates.Running, Password.Name), KnownProperties.ParameterValue).IsSensitive);
        Assert.False(Property(Describe(open, KnownResourceStates.Running, open.Name), KnownProperties.ParameterValue).IsSensitive);
    }

    [Fact]
    public void A_connection_string_is_sensitive_and_known_only_while_the_server_runs()
    {
        var redis = new RedisResource("cache", Password);
        redis.Annotations.Add(new EndpointAnnotation("tcp", "tcp", port: null) { AllocatedPort = 6379 });

        var running = Property(Describe(redis, KnownResourceStates.Running, "cache-abcdefgh"), KnownProperties.ConnectionString);
        Assert.True(running.IsSensitive);
        Assert.Contains("6379", running.Value.StringValue, StringComparison.Ordinal);

        var waiting = Describe(redis, KnownResourceStates.Waiting, "cache-abcdefgh");
        Assert.DoesNotContain(waiting.Properties, property => property.Name == KnownProperties.ConnectionString);
    }

    [Theory]
    [InlineData("Running", "restart stop")]
    [InlineData("Starting", "stop")]
    [InlineData("Waiting", "stop")]
    [InlineData("Stopping", "")]
    [InlineData("Finished", "start")]
    [InlineData("Exited", "start")]
    [InlineData("FailedToStart", "start")]
    [InlineData("NotStarted", "start")]
    public void Only_commands_that_make_sense_are_enabled(string state, string expected)
    {
        var project = new ProjectResource("api");
        LifecycleCommands.AddTo(project);

        var enabled = Describe(project, state, "api-abcdefgh").Commands
            .Where(command => command.State == global::Clinic.Embedded.Hosting.Dashboard.Protocol.ResourceCommandState.Enabled)
            .Select(command => command.Name)
            .Order();

        Assert.Equal(expected, string.Join(' ', enabled));
    }

    private global::Clinic.Embedded.Hosting.Dashboard.Protocol.Resource Describe(IResource resource, string state, string id) =>
        _mapping.Describe(new ResourceEvent(resource, id, new() { ResourceType = "Test", State = state }));

    private static global::Clinic.Embedded.Hosting.Dashboard.Protocol.ResourceProperty Property(
        global::Clinic.Embedded.Hosting.Dashboard.Protocol.Resource resource, string name) =>
        resource.Properties.Single(property => property.Name == name);
}
