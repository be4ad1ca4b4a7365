using System.Globalization;
using System.Net;
using System.Text;
using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using StackExchange.Redis;

namespace Clinic.Api.Mail;

internal static class MailEndpoints
{
    private const string Style =
        "body{font:1rem/1.5 system-ui;max-width:42rem;margin:1rem auto;padding:0 1rem} article{border-top:1px solid #ccc} pre{font:inherit;white-space:pre-wrap}";

    /// <summary>Sends through the SMTP server that is configured; in Development a mailbox keeps every message too.</summary>
    /// <exception cref="ConfigurationProblem">There is no way to send anything, so nobody could ever sign in.</exception>
    public static void AddMail(this WebApplicationBuilder builder)
    {
        var connectionString = builder.Configuration.GetConnectionString(SmtpServer.ConnectionName);
        var server = string.IsNullOrWhiteSpace(connectionString) ? null : SmtpServer.Parse(connectionString);
        if (builder.Environment.IsDevelopment())
        {
            builder.Services.AddSingleton(services => new DevMailbox(
                services.GetRequiredService<IConnectionMultiplexer>(), server is null ? null : Smtp(services, server)));
            builder.Services.AddSingleton<IMailer>(services => services.GetRequiredService<DevMailbox>());
        }
        else if (server is not null)
        {
            builder.Services.AddSingleton<IMailer>(services => Smtp(services, server));
        }
        else
        {
            throw new ConfigurationProblem(
                "The connection string 'smtp' is missing: without a mail server nobody gets a code to sign in with. "
                + "Set ConnectionStrings__smtp, as: Endpoint=smtp://mail.example:587;Username=…;Password=…;From=desk@clinic.example");
        }
    }

    /// <summary>The mailbox as JSON, and as a page for whoever asks for HTML.</summary>
    public static void MapDevMail(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.MapGet("/dev/mail", Read).ExcludeFromDescription();
        }
    }

    private static async Task<Results<Ok<ItemList<MailMessage>>, ContentHttpResult>> Read(HttpRequest request, DevMailbox mailbox, string? to)
    {
        var messages = await mailbox.ReadAsync(to);
        var wantsPage = request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
        return wantsPage
            ? TypedResults.Content(Page(messages, to), "text/html; charset=utf-8")
            : TypedResults.Ok(new ItemList<MailMessage>(messages));
    }

    private static string Page(IReadOnlyList<MailMessage> messages, string? to)
    {
        var page = new StringBuilder(
            $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Mail · Clinic, Development</title>
            <style>{Style}</style>
            </head><body><h1>Mail</h1><p>What the clinic would send. Nothing leaves this machine unless a mail server is configured.</p>
            <form><label>To <input name="to" type="search" value="{WebUtility.HtmlEncode(to)}"></label> <button>Show</button></form>
            """);
        if (messages.Count == 0)
        {
            page.Append("<p>No message yet.</p>");
        }

        foreach (var message in messages)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"""
                <article><h2>{WebUtility.HtmlEncode(message.Subject)}</h2>
                <p>To {WebUtility.HtmlEncode(message.To)}, <time>{message.SentAt:u}</time></p><pre>{WebUtility.HtmlEncode(message.Text)}</pre></article>
                """);
        }

        return page.Append("</body></html>").ToString();
    }

    private static SmtpMailer Smtp(IServiceProvider services, SmtpServer server) =>
        new(server, services.GetRequiredService<ILogger<SmtpMailer>>());
}
