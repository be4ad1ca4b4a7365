namespace Clinic.Core.Scheduling;

/// <summary>A time that a patient may book: <c>[Start, End)</c>, with the modalities it is free for, at least one.</summary>
public sealed record Slot(DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<Modality> Modalities);

/// <summary>The visit for which a time is sought.</summary>
/// <param name="Duration">Elapsed time from start to end.</param>
/// <param name="Modalities">The ways in which it may take place.</param>
public sealed record VisitShape(TimeSpan Duration, IReadOnlyList<Modality> Modalities);
