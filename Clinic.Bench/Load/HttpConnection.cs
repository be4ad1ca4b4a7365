using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Clinic.Bench.Load;

/// <summary>What came back. The body lies in the connection's buffer: it is good until the next request.</summary>
internal readonly record struct HttpReply(int Status, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public string Text => Encoding.UTF8.GetString(Body.Span);
}

/// <summary>
/// One kept HTTP/1.1 connection that sends ready-made bytes and reads an answer. It knows just enough of HTTP for the
/// servers measured here, so that the load generator takes as little as possible of the CPU that it shares with them.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly Socket _socket;
    private byte[] _buffer = new byte[32 * 1024];
    private int _filled;

    private HttpConnection(Socket socket) => _socket = socket;

    public static async Task<HttpConnection> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port), cancellationToken);
        return new HttpConnection(socket);
    }

    /// <exception cref="IOException">The server closed the connection, or its answer is not understood.</exception>
    public async ValueTask<HttpReply> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        _filled = 0;
        await _socket.SendAsync(request, SocketFlags.None, cancellationToken);
        int headEnd;
        while ((headEnd = _buffer.AsSpan(0, _filled).IndexOf(EndOfHead)) < 0)
        {
            await FillAsync(cancellationToken);
        }

        var bodyStart = headEnd + EndOfHead.Length;
        var status = StatusOf(_buffer);
        if (HeaderOf(_buffer.AsSpan(0, headEnd), "Content-Length: "u8) is { } length)
        {
            while (_filled < bodyStart + length)
            {
                await FillAsync(cancellationToken);
            }

            return new HttpReply(status, _buffer.AsMemory(bodyStart, length));
        }

        return _buffer.AsSpan(0, headEnd).IndexOf("Transfer-Encoding: chunked"u8) >= 0
            ? new HttpReply(status, await ReadChunksAsync(bodyStart, cancellationToken))
            : new HttpReply(status, default);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Moves the chunks together, over their sizes, until the empty one.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> ReadChunksAsync(int bodyStart, CancellationToken cancellationToken)
    {
        var (read, written) = (bodyStart, bodyStart);
        while (true)
        {
            int lineLength;
            while ((lineLength = _buffer.AsSpan(read, _filled - read).IndexOf("\r\n"u8)) < 0)
            {
                await FillAsync(cancellationToken);
            }

            if (!int.TryParse(_buffer.AsSpan(read, lineLength), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size))
            {
                throw new IOException("The size of a chunk cannot be read.");
            }

            read += lineLength + 2;
            while (_filled < read + size + 2)
            {
                await FillAsync(cancellationToken);
            }

            if (size == 0)
            {
                return _buffer.AsMemory(bodyStart, written - bodyStart);
            }

            _buffer.AsSpan(read, size).CopyTo(_buffer.AsSpan(written));
            read += size + 2;
            written += size;
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var received = await _socket.ReceiveAsync(_buffer.AsMemory(_filled), SocketFlags.None, cancellationToken);
        _filled += received > 0 ? received : throw new IOException("The server closed the connection.");
    }

    /// <summary>"HTTP/1.1 200 OK".</summary>
    private static int StatusOf(ReadOnlySpan<byte> head) => ((head[9] - '0') * 100) + ((head[10] - '0') * 10) + (head[11] - '0');

    private static int? HeaderOf(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        var at = head.IndexOf(name);
        if (at < 0)
        {
            return null;
        }

        var value = head[(at + name.Length)..];
        var end = value.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? value : value[..end], CultureInfo.InvariantCulture);
    }
}
