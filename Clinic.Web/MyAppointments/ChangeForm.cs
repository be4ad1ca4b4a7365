using System.Globalization;
using Clinic.Web.Api;
using Clinic.Web.Booking;

namespace Clinic.Web.MyAppointments;

/// <summary>What the forms that move and cancel a visit carry.</summary>
public sealed class ChangeForm
{
    /// <summary>Idempotency key of this confirmation: sent twice, it changes once.</summary>
    public string? Key { get; set; }

    /// <summary>The version of the visit that was on show; the change is refused if it is no longer that one.</summary>
    public string? Version { get; set; }

    /// <summary>The new start, where it is not the one in the page's address.</summary>
    public string? Start { get; set; }

    /// <summary>Other times were offered, one of which is to be chosen.</summary>
    public bool Offered { get; set; }

    public string? Reason { get; set; }

    public bool StillToChoose => Offered && Start is null;

    /// <summary>Cut to what the API takes: why somebody cancels is not worth a refusal.</summary>
    public string? ReasonOrNull => string.IsNullOrWhiteSpace(Reason)
        ? null
        : new string([.. Reason.Trim().Where(c => !char.IsControl(c) || c == '\n').Take(BookingForm.LongestReason)]);

    public Guid KeyAsId => Guid.Parse(Key!);

    public uint ShownVersion => uint.Parse(Version!, CultureInfo.InvariantCulture);

    /// <summary>Fills in what the first showing of the form needs, and puts right what is not of its form.</summary>
    public void Prepare(Visit? visit)
    {
        if (!Guid.TryParse(Key, out _))
        {
            Key = Guid.NewGuid().ToString();
        }

        if (!uint.TryParse(Version, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            Show(visit);
        }
    }

    /// <summary>
    /// Makes ready for another try. What was refused for good has changed nothing, so that the next try is a new request
    /// about the visit as it is shown now; where the outcome is open, all stays.
    /// </summary>
    public void Renew(Visit? visit, ApiProblem problem)
    {
        if (!problem.MaySucceedAgain)
        {
            Key = Guid.NewGuid().ToString();
            Show(visit);
        }
    }

    private void Show(Visit? visit) => Version = (visit?.Appointment.Version ?? 0).ToString(CultureInfo.InvariantCulture);
}
