using System.Globalization;
using System.Text;
using System.Text.Json;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Appointments;
using Clinic.Data.Idempotency;

namespace Clinic.Api.Appointments;

/// <summary>The answer to a change of a visit, as it goes out and as it is kept for a replay.</summary>
internal sealed record AppointmentAnswer(int Status, string Body, string? Location, string ETag, bool IsReplay) : IResult
{
    public static AppointmentAnswer Of(int status, Appointment appointment, TimeZoneInfo zone, uint version) => new(
        status,
        JsonSerializer.Serialize(Details(appointment, zone) with { Version = version }, ClinicJson.Options),
        status == StatusCodes.Status201Created ? $"/api/appointments/{appointment.Id}" : null,
        ETagOf(version),
        IsReplay: false);

    public static AppointmentAnswer Replay(IdempotentResponse stored) =>
        new(stored.StatusCode, stored.Body, stored.Location, stored.ETag ?? "", IsReplay: true);

    public static string ETagOf(uint version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    public static AppointmentDetails Details(Appointment appointment, TimeZoneInfo zone) => new(
        appointment.Id,
        appointment.DoctorId,
        appointment.PatientId,
        appointment.TreatmentId,
        appointment.StartsAt.InZone(zone),
        appointment.EndsAt.InZone(zone),
        appointment.Modality,
        appointment.Status,
        appointment.Reason,
        appointment.HoldExpiresAt,
        appointment.CreatedAt,
        appointment.Version);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.ETag = ETag;
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }

        if (IsReplay)
        {
            response.Headers["Idempotency-Replayed"] = "true";
        }

        return response.Body.WriteAsync(Encoding.UTF8.GetBytes(Body), httpContext.RequestAborted).AsTask();
    }
}
