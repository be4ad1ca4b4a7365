using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;

namespace Clinic.Core.Contracts;

public sealed record BookAppointment
{
    public required Guid DoctorId { get; init; }

    public required Guid TreatmentId { get; init; }

    /// <summary>Whose visit it is to be. Patients may leave it out: they book for themselves.</summary>
    public Guid? PatientId { get; init; }

    /// <summary>A start that the doctor's slots offer; the treatment gives the end.</summary>
    public required DateTimeOffset Start { get; init; }

    public required Modality Modality { get; init; }

    /// <summary>What the patient comes for, in their words; up to 500 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>True holds the time for five minutes instead of booking it.</summary>
    public bool Hold { get; init; }
}

/// <summary>Moves a visit to another start, and where given to another modality; its length stays.</summary>
public sealed record MoveAppointment
{
    public required DateTimeOffset Start { get; init; }

    public Modality? Modality { get; init; }
}

/// <summary>A visit. Start and end carry the doctor's offset; <paramref name="Version"/> is what <c>ETag</c> and <c>If-Match</c> hold.</summary>
public sealed record AppointmentDetails(
    Guid Id,
    Guid DoctorId,
    Guid PatientId,
    Guid TreatmentId,
    DateTimeOffset Start,
    DateTimeOffset End,
    Modality Modality,
    AppointmentStatus Status,
    string? Reason,
    DateTimeOffset? HoldExpiresAt,
    DateTimeOffset CreatedAt,
    uint Version);

/// <summary>One line of a visit's audit trail.</summary>
public sealed record HistoryEntry(
    DateTimeOffset At,
    string Actor,
    AppointmentAction Action,
    AppointmentStatus? FromStatus,
    AppointmentStatus ToStatus,
    System.Text.Json.JsonElement? Details);
