using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Clinic.Bench.Probing;

/// <summary>
/// A relay between the API and Postgres that counts what really goes over the wire: commands (Execute and simple Query
/// messages of the protocol, so BEGIN and COMMIT count) and round trips (the client sends after it has received). It costs
/// time, so nothing is timed through it.
/// </summary>
internal sealed class Wiretap : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _targetPort;
    private long _commands;
    private long _roundTrips;

    public (long Commands, long RoundTrips) Counts => (Interlocked.Read(ref _commands), Interlocked.Read(ref _roundTrips));

    /// <summary>Starts to listen; the connection string of the server becomes one that leads here.</summary>
    public string Tap(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        _targetPort = server.Port;
        _listener.Start();
        _ = AcceptAsync();
        (server.Host, server.Port) = ("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        // Encrypted it could not be read.
        server.SslMode = SslMode.Disable;
        server.GssEncryptionMode = GssEncryptionMode.Disable;
        return server.ConnectionString;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _targetPort);
                client.NoDelay = server.NoDelay = true;
                var conversation = new Conversation(this);
                await Task.WhenAny(
                    PassAsync(client.GetStream(), server.GetStream(), conversation.FromClient),
                    PassAsync(server.GetStream(), client.GetStream(), _ => conversation.FromServer()));
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // One side is gone; the other is closed with it.
            }
        }
    }

    private static async Task PassAsync(NetworkStream from, NetworkStream to, Action<ReadOnlySpan<byte>> look)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            look(buffer.AsSpan(0, read));
            await to.WriteAsync(buffer.AsMemory(0, read));
        }
    }

    /// <summary>Follows the messages of one connection: a type, a length that counts itself, and the rest.</summary>
    private sealed class Conversation(Wiretap tap)
    {
        private readonly byte[] _header = new byte[5];
        private int _headerFilled;
        private int _toSkip;
        private bool _isStartup = true;
        private volatile bool _serverSpoke = true;

        public void FromServer() => _serverSpoke = true;

        public void FromClient(ReadOnlySpan<byte> bytes)
        {
            if (_serverSpoke)
            {
                _serverSpoke = false;
                Interlocked.Increment(ref tap._roundTrips);
            }

            while (!bytes.IsEmpty)
            {
                if (_toSkip > 0)
                {
                    var skipped = Math.Min(_toSkip, bytes.Length);
                    _toSkip -= skipped;
                    bytes = bytes[skipped..];
                    continue;
                }

                // The first message of a connection has no type.
                var needed = _isStartup ? 4 : 5;
                var taken = Math.Min(needed - _headerFilled, bytes.Length);
                bytes[..taken].CopyTo(_header.AsSpan(_headerFilled));
                bytes = bytes[taken..];
                _headerFilled += taken;
                if (_headerFilled == needed)
                {
                    if (!_isStartup && _header[0] is (byte)'E' or (byte)'Q')
                    {
                        Interlocked.Increment(ref tap._commands);
                    }

                    _toSkip = BinaryPrimitives.ReadInt32BigEndian(_header.AsSpan(needed - 4, 4)) - 4;
                    (_headerFilled, _isStartup) = (0, false);
                }
            }
        }
    }
}
