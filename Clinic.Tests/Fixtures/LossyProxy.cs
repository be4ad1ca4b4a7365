using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Clinic.Tests.Fixtures;

/// <summary>A proxy in front of Postgres that can lose the answer to a commit: Postgres has committed, and the caller never hears of it.</summary>
internal sealed class LossyProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _host;
    private readonly int _port;
    private int _toLose;
    private int _lost;

    public LossyProxy(string database)
    {
        var target = new NpgsqlConnectionStringBuilder(database);
        (_host, _port) = (target.Host!, target.Port);
        _listener.Start();
        (target.Host, target.Port) = ("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        Database = target.ConnectionString;
        _ = AcceptAsync();
    }

    /// <summary>Connection string of the same database, through the proxy.</summary>
    public string Database { get; }

    public int Lost => Volatile.Read(ref _lost);

    public void LoseNextCommit() => Volatile.Write(ref _toLose, 1);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_host, _port);
            client.NoDelay = server.NoDelay = true;
            await Task.WhenAny(PumpAsync(client, server, isAnswer: false), PumpAsync(server, client, isAnswer: true));
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer) is var count and > 0)
        {
            // The tag of CommandComplete; the sender writes the end of an answer at once.
            if (isAnswer && buffer.AsSpan(0, count).IndexOf("COMMIT\0"u8) >= 0 && Interlocked.Exchange(ref _toLose, 0) == 1)
            {
                Interlocked.Increment(ref _lost);
                return;
            }

            await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
        }
    }
}
