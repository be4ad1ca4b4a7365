using Clinic.Core.Scheduling;

namespace Clinic.Core.Contracts;

/// <summary>When and by which rules a doctor receives patients; wall times in <paramref name="TimeZone"/>.</summary>
public sealed record ScheduleDetails(
    string TimeZone,
    int SlotMinutes,
    int BufferMinutes,
    int MinNoticeMinutes,
    int HorizonDays,
    int ChangeNoticeMinutes,
    IReadOnlyList<WeeklyHours> Weekly,
    IReadOnlyList<ExceptionDetails> Exceptions);

/// <summary>A closure or extra hours, as local date-times of the doctor's zone, <c>[start, end)</c>.</summary>
public sealed record ExceptionDetails(
    Guid Id, DateTime Start, DateTime End, ExceptionKind Kind, WindowModality Modality, string? Reason);

/// <summary>Replaces a doctor's rules and weekly hours as a whole; exceptions stay as they are.</summary>
public sealed record ReplaceSchedule
{
    /// <summary>5 to 240.</summary>
    public required int SlotMinutes { get; init; }

    /// <summary>0 to 240.</summary>
    public required int BufferMinutes { get; init; }

    /// <summary>0 to 43,200 (30 days).</summary>
    public required int MinNoticeMinutes { get; init; }

    /// <summary>1 to 730.</summary>
    public required int HorizonDays { get; init; }

    /// <summary>0 to 43,200 (30 days); null keeps what is.</summary>
    public int? ChangeNoticeMinutes { get; init; }

    public required IReadOnlyList<WeeklyHours> Weekly { get; init; }
}

/// <summary>A closure or extra hours to add.</summary>
public sealed record AddException
{
    public required DateTime Start { get; init; }

    public required DateTime End { get; init; }

    public required ExceptionKind Kind { get; init; }

    public WindowModality Modality { get; init; } = WindowModality.Any;

    public string? Reason { get; init; }
}

/// <summary>The visits that a change of the hours would leave outside of them, by start; the first hundred.</summary>
public sealed record StrandedVisits(IReadOnlyList<AppointmentDetails> Stranded);
