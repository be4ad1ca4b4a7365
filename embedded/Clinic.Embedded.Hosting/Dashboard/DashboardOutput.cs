using Clinic.Embedded.Hosting.Orchestration;
using Clinic.Embedded.Hosting.Storage;
using Microsoft.Extensions.Logging;

namespace Clinic.Embedded.Hosting.Dashboard;

/// <summary>
/// What is said about the dashboard goes to the console or, under a test, to the logs. What the dashboard itself writes is of no interest while it
/// works; the last line tells why it did not.
/// </summary>
internal sealed class DashboardOutput(EmbeddedSettings settings, ILoggerFactory loggers) : IOutput
{
    private const string Subject = "The Aspire dashboard";

    private readonly ILogger _logger = loggers.CreateLogger($"{settings.AppHostName}.Dashboard");
    private volatile string _lastError = "";
    private bool _announced;

    public string LastError => _lastError;

    public void Write(string line, bool isError)
    {
        if (isError || line.Contains("Exception", StringComparison.Ordinal))
        {
            _lastError = line.Trim();
        }

        _logger.LogDebug("{Line}", line);
    }

    public void Keep(string line, bool isError) => Write(line, isError);

    public void Tell(string message) => Say($"{Subject} {message}");

    /// <summary>The address, in Aspire's words: editors and people look for them.</summary>
    public void Announce(DashboardSettings dashboard)
    {
        if (!_announced)
        {
            _announced = true;
            Say($"Login to the dashboard at {dashboard.LoginUrl}");
        }
    }

    private void Say(string text)
    {
        if (settings.IsTest)
        {
            _logger.LogInformation("{Text}", text);
        }
        else
        {
            PrefixedConsole.WriteOwn(text);
        }
    }
}
