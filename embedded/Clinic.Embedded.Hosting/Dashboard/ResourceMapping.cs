using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Dashboard.Protocol;
using Clinic.Embedded.Hosting.Orchestration;
using Google.Protobuf.WellKnownTypes;
using IconVariant = Clinic.Embedded.Hosting.Dashboard.Protocol.IconVariant;
using Resource = Clinic.Embedded.Hosting.Dashboard.Protocol.Resource;
using ResourceCommandState = Clinic.Embedded.Hosting.Dashboard.Protocol.ResourceCommandState;

namespace Clinic.Embedded.Hosting.Dashboard;

/// <summary>Puts what is known about an instance into the dashboard's terms.</summary>
/// <param name="services">For the commands, which may ask them for their state.</param>
/// <param name="firstInstanceOf">The id of a resource's first instance, once there is one.</param>
internal sealed class ResourceMapping(IServiceProvider services, Func<IResource, string?> firstInstanceOf)
{
    public Resource Describe(ResourceEvent resourceEvent)
    {
        var (source, snapshot) = (resourceEvent.Resource, resourceEvent.Snapshot);
        var resource = new Resource
        {
            Name = resourceEvent.ResourceId,
            Uid = resourceEvent.ResourceId,
            DisplayName = source.Name,
            ResourceType = snapshot.ResourceType,
            CreatedAt = Time(snapshot.CreationTimeStamp),
            StartedAt = Time(snapshot.StartTimeStamp),
            StoppedAt = Time(snapshot.StopTimeStamp),
        };

        // No style with it: the dashboard has its own for every state, and a style would hide an unhealthy one.
        if (snapshot.State is { } state)
        {
            resource.State = state.Text;
        }

        resource.Environment.AddRange(snapshot.EnvironmentVariables.OrderBy(variable => variable.Name, StringComparer.Ordinal).Select(Describe));
        resource.Properties.AddRange(snapshot.Properties.Concat(OwnProperties(source, snapshot)).Select(Describe));
        resource.Urls.AddRange(snapshot.Urls.Select(url => Describe(url, isInactive: snapshot.State?.Text != KnownResourceStates.Running)));
        resource.HealthReports.AddRange(snapshot.HealthReports.Select(Describe));
        resource.Relationships.AddRange(snapshot.Relationships.Select(relationship =>
            new ResourceRelationship { ResourceName = relationship.ResourceName, Type = relationship.Type }));
        resource.Commands.AddRange(source.Annotations.OfType<ResourceCommandAnnotation>().Select(command => Describe(command, snapshot)));
        return resource;
    }

    /// <summary>What follows from the resource itself and its state.</summary>
    private IEnumerable<ResourcePropertySnapshot> OwnProperties(IResource resource, CustomResourceSnapshot snapshot)
    {
        if (resource is IResourceWithParent { Parent: var parent })
        {
            yield return new(KnownProperties.Parent, firstInstanceOf(parent) ?? parent.Name);
        }

        if (snapshot.ExitCode is { } exitCode)
        {
            yield return new(KnownProperties.ExitCode, exitCode);
        }

        if (resource is ParameterResource parameter)
        {
            yield return new(KnownProperties.ParameterValue, ValueOf(parameter)) { IsSensitive = parameter.Secret };
        }

        // Before it runs, its port may not be known.
        if (resource is IResourceWithConnectionString connection
            && snapshot.State?.Text == KnownResourceStates.Running
            && connection.GetConnectionStringAsync() is { IsCompletedSuccessfully: true, Result: { } connectionString })
        {
            yield return new(KnownProperties.ConnectionString, connectionString) { IsSensitive = true };
        }
    }

    private static string ValueOf(ParameterResource parameter)
    {
        try
        {
            return parameter.CurrentValue;
        }
        catch (Aspire.Hosting.DistributedApplicationException exception)
        {
            return exception.Message;
        }
    }

    private static ResourceProperty Describe(ResourcePropertySnapshot property) => new()
    {
        Name = property.Name,
        IsSensitive = property.IsSensitive,
        Value = property.Value switch
        {
            null => Value.ForNull(),
            int number => Value.ForNumber(number),
            var other => Value.ForString($"{other}"),
        },
    };

    private static EnvironmentVariable Describe(EnvironmentVariableSnapshot variable) =>
        new() { Name = variable.Name, Value = variable.Value ?? "", IsFromSpec = variable.IsFromSpec };

    /// <summary>Also one that is not for the outside, as a database's: who develops wants to connect to it.</summary>
    private static Url Describe(UrlSnapshot url, bool isInactive) => new()
    {
        EndpointName = url.Name is { Length: > 0 } name ? name : "url",
        FullUrl = url.Url,
        IsInactive = isInactive,
        DisplayProperties = new UrlDisplayProperties { DisplayName = url.DisplayText },
    };

    private static HealthReport Describe(HealthReportSnapshot report)
    {
        var described = new HealthReport { Key = report.Name, Description = report.Description ?? "", Exception = report.ExceptionText ?? "" };

        if (report.Status is { } status)
        {
            described.Status = status switch
            {
                Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy => HealthStatus.Healthy,
                Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Degraded => HealthStatus.Degraded,
                _ => HealthStatus.Unhealthy,
            };
        }

        return described;
    }

    private ResourceCommand Describe(ResourceCommandAnnotation command, CustomResourceSnapshot snapshot)
    {
        var described = new ResourceCommand
        {
            Name = command.Name,
            DisplayName = command.DisplayName,
            IsHighlighted = command.IsHighlighted,
            State = (ResourceCommandState)command.UpdateState(new() { ResourceSnapshot = snapshot, Services = services }),
        };

        if (command.DisplayDescription is { } description)
        {
            described.DisplayDescription = description;
        }

        if (command.ConfirmationMessage is { } question)
        {
            described.ConfirmationMessage = question;
        }

        if (command.IconName is { } icon)
        {
            described.IconName = icon;
            described.IconVariant = (IconVariant)(command.IconVariant ?? default);
        }

        return described;
    }

    private static Timestamp? Time(DateTime? utc) => utc is { } time ? Timestamp.FromDateTime(time) : null;
}
