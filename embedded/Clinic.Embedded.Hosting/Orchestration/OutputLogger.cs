using Microsoft.Extensions.Logging;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>Logs into the output of a resource.</summary>
internal sealed class OutputLogger(IOutput output) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            output.Write(exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception.Message}", logLevel >= LogLevel.Error);
        }
    }
}
