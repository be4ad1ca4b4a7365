using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Clinic.Embedded.Hosting.Redis;

/// <summary>Asks a Redis server whether it is there: AUTH and PING, on a connection of its own.</summary>
internal static class RedisPing
{
    /// <exception cref="IOException">The answer is not PONG.</exception>
    public static async Task SendAsync(int port, string password, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);

        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Command("AUTH", password) + Command("PING")), cancellationToken);

        using var reader = new StreamReader(stream, Encoding.UTF8);
        var authentication = await reader.ReadLineAsync(cancellationToken);
        var answer = await reader.ReadLineAsync(cancellationToken);

        if (authentication != "+OK" || answer != "+PONG")
        {
            throw new IOException($"the server answered '{authentication}' and '{answer}' to AUTH and PING");
        }
    }

    /// <summary>An array of strings in the protocol's own form; the short form for people is not understood by every server.</summary>
    private static string Command(params string[] parts) =>
        $"*{parts.Length}\r\n" + string.Concat(parts.Select(part => $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n"));
}
