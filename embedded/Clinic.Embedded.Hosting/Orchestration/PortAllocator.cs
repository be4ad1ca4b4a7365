using System.Net;
using System.Net.Sockets;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>
/// Finds free ports. Not those that the system gives to outgoing connections: one of these could take a server's port
/// while it is stopped, and a client that tries to reconnect to such a port of its own machine can end up connected to itself.
/// </summary>
internal sealed class PortAllocator
{
    private const int First = 15_500;
    private const int End = 32_000;
    private const int Attempts = 500;

    private static readonly Lock Lock = new();
    private static readonly HashSet<int> Taken = [];

    /// <summary>A free port that nobody in this process is given again.</summary>
    public int Allocate()
    {
        lock (Lock)
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var port = Random.Shared.Next(First, End);
                if (!Taken.Contains(port) && IsFree(port))
                {
                    Taken.Add(port);
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"No free port was found between {First} and {End}.");
    }

    public static bool IsFree(int port) => CanListen(IPAddress.Loopback, port) && CanListen(IPAddress.IPv6Loopback, port);

    private static bool CanListen(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
        }
    }
}
