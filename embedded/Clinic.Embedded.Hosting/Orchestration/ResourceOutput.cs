using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Storage;
using Microsoft.Extensions.Logging;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>
/// Keeps what resources write and shows it: on the console with the name before each line or, under a test, in the logs as
/// <c>{AppHost}.Resources.{name}</c>.
/// </summary>
internal sealed class ResourceOutput(ResourceLoggerService buffers, ILoggerFactory loggers, EmbeddedSettings settings)
{
    /// <param name="resourceName">The resource.</param>
    /// <param name="id">The instance, whose buffer it is.</param>
    /// <param name="displayName">What stands before its lines.</param>
    /// <param name="writes">Whether it will have something to write.</param>
    public IOutput For(string resourceName, string id, string displayName, bool writes)
    {
        if (settings.IsTest)
        {
            return new LogOutput(id, displayName, buffers, loggers.CreateLogger($"{settings.AppHostName}.Resources.{resourceName}"));
        }

        if (writes)
        {
            PrefixedConsole.Announce(displayName);
        }

        return new ConsoleOutput(id, displayName, buffers);
    }

    private sealed class ConsoleOutput(string id, string displayName, ResourceLoggerService buffers) : IOutput
    {
        public void Write(string line, bool isError)
        {
            buffers.Write(id, line, isError);
            PrefixedConsole.Write(displayName, line);
        }

        public void Keep(string line, bool isError) => buffers.Write(id, line, isError);

        public void Tell(string message)
        {
            buffers.Write(id, $"{displayName} {message}", isError: false);
            PrefixedConsole.WriteOwn($"{displayName} {message}");
        }
    }

    private sealed class LogOutput(string id, string displayName, ResourceLoggerService buffers, ILogger logger) : IOutput
    {
        public void Write(string line, bool isError)
        {
            buffers.Write(id, line, isError);
            logger.LogInformation("{Line}", PrefixedConsole.WithoutColours(line));
        }

        public void Keep(string line, bool isError)
        {
            buffers.Write(id, line, isError);
            logger.LogDebug("{Line}", PrefixedConsole.WithoutColours(line));
        }

        public void Tell(string message)
        {
            buffers.Write(id, $"{displayName} {message}", isError: false);
            logger.LogInformation("{Resource} {Message}", displayName, message);
        }
    }
}
