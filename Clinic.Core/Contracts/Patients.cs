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

public sealed record PatientDetails(
    Guid Id, string FullName, string? DocumentNumber, string? Email, string? Phone, string? TimeZone, DateTimeOffset CreatedAt);
