using System.Net;
using System.Net.Sockets;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>Listens on a port and passes each connection on to the next of several others that accepts it.</summary>
internal sealed class RoundRobinProxy : IAsyncDisposable
{
    private readonly int[] _targets;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpListener> _listeners = [];
    private readonly Task _accepting;
    private uint _next;

    /// <exception cref="SocketException">The port is taken.</exception>
    public RoundRobinProxy(int port, IEnumerable<int> targets)
    {
        _targets = [.. targets];

        // Both addresses of "localhost", as Kestrel does; a machine may have only one of them.
        Listen(IPAddress.Loopback, port);
        Listen(IPAddress.IPv6Loopback, port);
        _accepting = Task.WhenAll(_listeners.Select(AcceptAsync));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listeners.ForEach(listener => listener.Stop());
        await _accepting;
        _stop.Dispose();
    }

    private void Listen(IPAddress address, int port)
    {
        try
        {
            var listener = new TcpListener(address, port);
            listener.Start();
            _listeners.Add(listener);
        }
        catch (SocketException exception) when (
            exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            // This machine does not have the address.
        }
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = PassOnAsync(await listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException && _stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task PassOnAsync(TcpClient client)
    {
        using (client)
        {
            using var server = await ConnectAsync();
            if (server is null)
            {
                return;
            }

            client.NoDelay = server.NoDelay = true;
            await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
        }
    }

    private async Task<TcpClient?> ConnectAsync()
    {
        for (var attempt = 0; attempt < _targets.Length; attempt++)
        {
            var server = new TcpClient();
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _targets[Interlocked.Increment(ref _next) % _targets.Length], _stop.Token);
                return server;
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                server.Dispose();
            }
        }

        return null;
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), _stop.Token);
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has gone; the other is told.
            to.Close();
            from.Close();
        }
    }
}
