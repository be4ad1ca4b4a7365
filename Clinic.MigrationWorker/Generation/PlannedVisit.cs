using Clinic.Core.Appointments;
using Clinic.Core.Scheduling;

namespace Clinic.MigrationWorker.Generation;

/// <summary>A generated visit before its patient has a record. All instants are in UTC, as Postgres wants them.</summary>
internal sealed record PlannedVisit
{
    public required Guid DoctorId { get; init; }

    public required Guid TreatmentId { get; init; }

    /// <summary>Number of the patient, from 0.</summary>
    public required int Patient { get; init; }

    public required Interval During { get; init; }

    public required Modality Modality { get; init; }

    public required string? Reason { get; init; }

    /// <summary>What happened to the visit, in order: it begins with the booking.</summary>
    public required IReadOnlyList<VisitEvent> Story { get; init; }

    public AppointmentStatus Status => Story[^1].ToStatus;

    public DateTimeOffset BookedAt => Story[0].At;
}

/// <summary>One change of a visit, as the audit trail keeps it.</summary>
internal readonly record struct VisitEvent(
    DateTimeOffset At, AppointmentAction Action, AppointmentStatus? FromStatus, AppointmentStatus ToStatus);
