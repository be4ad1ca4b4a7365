using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line that a resource wrote, after the time (UTC, ISO 8601) and a space. Numbers count up from 1 per instance, also past lines that the buffer has let go.</summary>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps the latest output of every resource and passes on what comes.</summary>
public sealed class ResourceLoggerService
{
    private readonly ConcurrentDictionary<string, LogBuffer> _buffers = new(StringComparer.OrdinalIgnoreCase);

    internal ResourceLoggerService()
    {
    }

    /// <summary>The kept lines of one instance, by its id.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        await Task.CompletedTask;
        yield return Buffer(resourceName).Kept();
    }

    /// <summary>The kept lines of one instance, by its id, then what it writes from now on.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(
        string resourceName, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var buffer = Buffer(resourceName);
        var channel = Channel.CreateUnbounded<LogLine>(new() { SingleReader = true });
        var kept = buffer.Subscribe(channel.Writer);

        try
        {
            yield return kept;

            await foreach (var line in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return [line];
            }
        }
        finally
        {
            buffer.Unsubscribe(channel.Writer);
        }
    }

    internal void Write(string resourceId, string content, bool isError) => Buffer(resourceId).Add(content, isError);

    private LogBuffer Buffer(string resourceId) => _buffers.GetOrAdd(resourceId, _ => new LogBuffer());

    /// <summary>The last lines of one instance.</summary>
    private sealed class LogBuffer
    {
        private const int Capacity = 10_000;

        private readonly Lock _lock = new();
        private readonly Queue<LogLine> _lines = new();
        private readonly List<ChannelWriter<LogLine>> _subscribers = [];
        private int _count;

        public void Add(string content, bool isError)
        {
            lock (_lock)
            {
                var line = new LogLine(++_count, $"{DateTime.UtcNow:O} {content}", isError);

                _lines.Enqueue(line);
                if (_lines.Count > Capacity)
                {
                    _lines.Dequeue();
                }

                _subscribers.ForEach(subscriber => subscriber.TryWrite(line));
            }
        }

        public IReadOnlyList<LogLine> Kept()
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }

        public IReadOnlyList<LogLine> Subscribe(ChannelWriter<LogLine> subscriber)
        {
            lock (_lock)
            {
                _subscribers.Add(subscriber);
                return [.. _lines];
            }
        }

        public void Unsubscribe(ChannelWriter<LogLine> subscriber)
        {
            lock (_lock)
            {
                _subscribers.Remove(subscriber);
            }
        }
    }
}
