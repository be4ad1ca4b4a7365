using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known about one instance of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>Project, Container, Parameter, …; for display.</summary>
    public required string ResourceType { get; init; }

    public ImmutableArray<ResourcePropertySnapshot> Properties { get; init; } = [];

    public ResourceStateSnapshot? State { get; init; }

    /// <summary>The exit code of the process, once it has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>UTC.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>UTC.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>UTC.</summary>
    public DateTime? StopTimeStamp { get; init; }

    public ImmutableArray<HealthReportSnapshot> HealthReports { get; init; } = [];

    /// <summary>
    /// The worst of the reports while the resource is running, nothing otherwise. A check that has not
    /// answered yet counts as unhealthy; a running resource without checks is healthy.
    /// </summary>
    public HealthStatus? HealthStatus =>
        State?.Text != KnownResourceStates.Running ? null
        : HealthReports.IsEmpty ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
        : HealthReports.Min(report => report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);

    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    /// <summary>With a property of this name added, or in the place of the one that is there.</summary>
    internal CustomResourceSnapshot WithProperty(string name, object? value) =>
        this with { Properties = [.. Properties.Where(property => property.Name != name), new(name, value)] };
}

/// <summary>A state's text, one of <see cref="KnownResourceStates"/>, and how to show it.</summary>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    public static implicit operator ResourceStateSnapshot?(string? text) => text is null ? null : new(text, null);
}

/// <summary>The outcome of one health check; no status before its first run.</summary>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText);

/// <summary>A detail of a resource, for display.</summary>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    public bool IsSensitive { get; init; }
}

/// <summary>A variable of the process; <paramref name="IsFromSpec"/> when the application set it and it was not inherited.</summary>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);

/// <summary>An address; <paramref name="Name"/> is its endpoint's.</summary>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    public string DisplayText { get; init; } = "";
}

/// <summary>A relation to another resource: Reference, WaitFor, Parent.</summary>
public sealed record RelationshipSnapshot(string ResourceName, string Type);
