using System.Text.RegularExpressions;
using Clinic.Core.Contracts;

namespace Clinic.Web.Booking;

/// <summary>What the booking form carries from one post to the next, as it was typed.</summary>
public sealed partial class BookingForm
{
    public const int LongestReason = 500;
    public const int LongestText = 200;

    /// <summary>Idempotency key of this filling-in of the form: sent twice, it books once.</summary>
    public string? Key { get; set; }

    /// <summary>A start chosen in place of the one in the page's address.</summary>
    public string? Start { get; set; }

    /// <summary>Other times were offered, one of which is to be chosen.</summary>
    public bool Offered { get; set; }

    /// <summary>What the pressed button asks for: <c>zone</c> only changes the time zone, all else books.</summary>
    public string? Action { get; set; }

    public string? Zone { get; set; }

    public string? FullName { get; set; }

    public string? DocumentNumber { get; set; }

    public string? Phone { get; set; }

    public string? Reason { get; set; }

    /// <summary>Fills in what the clinic knows of the visitor.</summary>
    public void Prefill(Me? me) => (FullName, DocumentNumber, Phone) = (me?.FullName, me?.DocumentNumber, me?.Phone);

    /// <summary>What the form says otherwise than the clinic knows it; null where it says nothing new.</summary>
    public UpdateMe? News(Me me, TimeZoneInfo? zone)
    {
        var news = new UpdateMe
        {
            FullName = Changed(FullName, me.FullName),
            DocumentNumber = Changed(DocumentNumber, me.DocumentNumber),
            Phone = Changed(Phone, me.Phone),
            TimeZone = Changed(zone?.Id, me.TimeZone),
        };
        return news == new UpdateMe() ? null : news;
    }

    public bool StillToChoose => Offered && Start is null;

    public string? ReasonOrNull => string.IsNullOrWhiteSpace(Reason) ? null : Reason.Trim();

    /// <summary>
    /// What is missing or plainly wrong, by field. It spares a round trip; the API has the last word.
    /// </summary>
    public IEnumerable<(string Field, string Message)> Mistakes()
    {
        if (StillToChoose)
        {
            yield return (nameof(Start), "Choose one of the free times.");
        }

        if (Trim(FullName).Length < 2)
        {
            yield return (nameof(FullName), "Write your full name.");
        }

        if (!DocumentPattern().IsMatch(Trim(DocumentNumber)))
        {
            yield return (nameof(DocumentNumber), "Write your document number: 4 to 20 letters, digits or dashes.");
        }

        if (!PhonePattern().IsMatch(Trim(Phone)))
        {
            yield return (nameof(Phone), "Write a phone number, such as 987 654 321 or +51 987 654 321.");
        }

        if (Reason?.Length > LongestReason)
        {
            yield return (nameof(Reason), $"Keep it to {LongestReason} characters.");
        }
    }

    private static string? Changed(string? typed, string? known) => Trim(typed) is { Length: > 0 } text && text != known ? text : null;

    private static string Trim(string? text) => text?.Trim() ?? "";

    [GeneratedRegex(@"^[0-9A-Za-z-]{4,20}\z")]
    private static partial Regex DocumentPattern();

    [GeneratedRegex(@"^\+?[0-9][0-9 ().-]{5,24}\z")]
    private static partial Regex PhonePattern();
}
