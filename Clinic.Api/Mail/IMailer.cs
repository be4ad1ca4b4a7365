namespace Clinic.Api.Mail;

/// <summary>A message to one person.</summary>
/// <param name="To">Address.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">The message as plain text.</param>
/// <param name="Html">The same as HTML.</param>
/// <param name="SentAt">When it was handed over.</param>
internal sealed record MailMessage(string To, string Subject, string Text, string Html, DateTimeOffset SentAt);

/// <summary>The edge at which messages leave the clinic.</summary>
internal interface IMailer
{
    /// <exception cref="Problems.ClinicProblem">503: it cannot be sent now.</exception>
    Task SendAsync(MailMessage message, CancellationToken cancellationToken);
}
