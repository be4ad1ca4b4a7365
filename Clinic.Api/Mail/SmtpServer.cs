using System.Data.Common;
using System.Globalization;
using System.Net.Mail;
using Clinic.Api.Problems;

namespace Clinic.Api.Mail;

/// <summary>
/// The connection string <c>smtp</c>: <c>Endpoint=smtp://mail.example:587;Username=…;Password=…;From=Clinic &lt;desk@clinic.example&gt;</c>.
/// The connection is encrypted by STARTTLS unless <c>Tls=false</c> says that the way to the server is safe by itself.
/// </summary>
internal sealed record SmtpServer(string Host, int Port, string? Username, string? Password, MailAddress From, bool Tls)
{
    public const string ConnectionName = "smtp";

    private const int SubmissionPort = 587;
    private static readonly string[] Known = ["endpoint", "username", "password", "from", "tls"];

    /// <exception cref="ConfigurationProblem">It cannot be understood; says what is wrong, and never the password.</exception>
    public static SmtpServer Parse(string connectionString)
    {
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            throw Wrong("is not of the form Name=value;Name=value.");
        }

        if (parts.Keys.Cast<string>().Except(Known).FirstOrDefault() is { } unknown)
        {
            throw Wrong($"has '{unknown}', which is not known. Known are Endpoint, Username, Password, From and Tls.");
        }

        if (!Uri.TryCreate(Part("endpoint"), UriKind.Absolute, out var endpoint) || endpoint.Scheme != "smtp" || endpoint.Host.Length == 0)
        {
            throw Wrong("needs Endpoint=smtp://host:port. Implicit TLS (smtps, port 465) is not supported; use the server's STARTTLS port, 587 as a rule.");
        }

        var tls = Part("tls") ?? "true";
        if (!bool.TryParse(tls, out var encrypted))
        {
            throw Wrong("has Tls with another value than true or false.");
        }

        if (!MailAddress.TryCreate(Part("from"), out var from))
        {
            throw Wrong("needs From, the address that messages come from.");
        }

        return new SmtpServer(endpoint.Host, endpoint.IsDefaultPort || endpoint.Port < 1 ? SubmissionPort : endpoint.Port, Part("username"), Part("password"), from, encrypted);

        string? Part(string key) =>
            parts.TryGetValue(key, out var value) && Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;
    }

    private static ConfigurationProblem Wrong(string what) => new($"The connection string '{ConnectionName}' {what}");
}
