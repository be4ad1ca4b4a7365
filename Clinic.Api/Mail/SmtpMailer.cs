using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using Clinic.Api.Problems;

namespace Clinic.Api.Mail;

/// <summary>Sends through an SMTP server, one connection a message.</summary>
internal sealed partial class SmtpMailer(SmtpServer server, ILogger<SmtpMailer> logger) : IMailer
{
    /// <summary>Less than a request may take, so that the sender learns how it ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public async Task SendAsync(MailMessage message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var client = new SmtpClient(server.Host, server.Port) { EnableSsl = server.Tls };
        if (server.Username is not null)
        {
            client.Credentials = new NetworkCredential(server.Username, server.Password);
        }

        using var mail = new System.Net.Mail.MailMessage(server.From, new MailAddress(message.To)) { Subject = message.Subject, Body = message.Text };
        mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(message.Html, null, MediaTypeNames.Text.Html));
        try
        {
            await client.SendMailAsync(mail, limit.Token);
        }
        catch (Exception exception) when (exception is SmtpException or OperationCanceledException or IOException && !cancellationToken.IsCancellationRequested)
        {
            // Of the exception only the kind: servers like to repeat the recipient's address in their words.
            LogFailed(server.Host, (exception as SmtpException)?.StatusCode.ToString() ?? exception.GetType().Name);
            throw ClinicProblem.Unavailable("E-mail cannot be sent just now. Please try again in a moment.");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The mail server {Host} did not take a message: {Reason}")]
    private partial void LogFailed(string host, string reason);
}
