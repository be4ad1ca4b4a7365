using Clinic.Core.Scheduling;

namespace Clinic.Core.Contracts;

/// <summary>Free times of one doctor by the viewer's local days; every day of the range is listed.</summary>
public sealed record DoctorSlots(Guid DoctorId, string TimeZone, IReadOnlyList<SlotDay> Days);

/// <summary>A local day of the viewer and the slots that start on it, by start.</summary>
public sealed record SlotDay(DateOnly Date, IReadOnlyList<SlotView> Slots);

/// <summary>A free time, <c>[start, end)</c>, with the offset of the viewer's zone.</summary>
/// <param name="Start">When the visit would start.</param>
/// <param name="End">When it would be over.</param>
/// <param name="Modality">The modality asked for or else the first one that the time is free for.</param>
/// <param name="Modalities">Every modality that the time is free for.</param>
public sealed record SlotView(DateTimeOffset Start, DateTimeOffset End, Modality Modality, IReadOnlyList<Modality> Modalities);

/// <summary>Whether a time is offered and, if not, all that takes it away. For staff: it tells of closures and their reasons.</summary>
public sealed record SlotExplanation(bool Offered, IReadOnlyList<SlotReason> Reasons);

/// <summary>One thing that takes a time away: a code of <see cref="ProblemCodes"/> and what it means here.</summary>
public sealed record SlotReason(string Code, string Text);

/// <summary>A free time of some doctor.</summary>
public sealed record FoundSlot(Guid DoctorId, string DoctorName, DateTimeOffset Start, DateTimeOffset End, Modality Modality);
