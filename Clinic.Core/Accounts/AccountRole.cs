namespace Clinic.Core.Accounts;

/// <summary>What an account may do; the API's table of access says it for every endpoint.</summary>
public enum AccountRole
{
    /// <summary>Books, reads, moves and cancels the own visits.</summary>
    Patient,

    /// <summary>Reads the own calendar and does the day's work on it.</summary>
    Doctor,

    /// <summary>The front desk: doctors, schedules, patients and everybody's visits.</summary>
    Staff,

    /// <summary>Staff that also manages accounts.</summary>
    Admin,
}
