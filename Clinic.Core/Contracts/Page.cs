namespace Clinic.Core.Contracts;

/// <summary>One page of a list. <paramref name="PageNumber"/> counts from 1.</summary>
public sealed record Page<T>(
    IReadOnlyList<T> Items,
    [property: System.Text.Json.Serialization.JsonPropertyName("page")] int PageNumber,
    int PageSize,
    long Total);

/// <summary>A list that does not page.</summary>
public sealed record ItemList<T>(IReadOnlyList<T> Items);
