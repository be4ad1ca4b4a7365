namespace Clinic.Core.Contracts;

/// <summary>A person to register. The name and a way to reach them, e-mail or phone, are needed.</summary>
public sealed record RegisterPatient
{
    public required string FullName { get; init; }

    /// <summary>National identity number (in Peru the DNI): 4 to 20 letters, digits and dashes; unique.</summary>
    public string? DocumentNumber { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    /// <summary>IANA zone in which the patient reads times; the doctor's where it is not given.</summary>
    public string? TimeZone { get; init; }
}

/// <summary>Replaces what is known about a patient.</summary>
public sealed record UpdatePatient
{
    public required string FullName { get; init; }

    public string? DocumentNumber { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    public string? TimeZone { get; init; }
}

/// <summary>A patient's record. The name is null for somebody who has signed in and has not said it yet.</summary>
public sealed record PatientDetails(
    Guid Id, string? FullName, string? DocumentNumber, string? Email, string? Phone, string? TimeZone, DateTimeOffset CreatedAt);
