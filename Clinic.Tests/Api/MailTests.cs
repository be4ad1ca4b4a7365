using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Api;

public sealed class MailTests(ClinicApp app) : ApiTest(app)
{
    private readonly string _email = $"{Guid.NewGuid():N}@people.example";

    [Fact]
    public async Task Developments_mailbox_has_the_newest_message_first_and_every_instance_shows_it()
    {
        await using var other = ApiInstance.Start(App);
        var codes = new[] { await Api.Anonymous.RequestCodeAsync(_email), await other.Anonymous.RequestCodeAsync(_email) };

        var mail = await other.Anonymous.GetFromJsonAsync<JsonElement>($"/dev/mail?to={_email.ToUpperInvariant()}");

        var items = mail.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(codes.Reverse().Select(c => $"{c} is your code for the clinic"), items.Select(m => m.GetProperty("subject").GetString()));
        Assert.All(items, m => Assert.Equal(_email, m.GetProperty("to").GetString()));
        Assert.All(items, m => Assert.All(new[] { "text", "html", "sentAt" }, name => Assert.NotEmpty(m.GetProperty(name).GetString()!)));
    }

    [Fact]
    public async Task Developments_mailbox_is_a_page_for_browsers()
    {
        var code = await Api.Anonymous.RequestCodeAsync(_email);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/dev/mail?to={Uri.EscapeDataString(_email)}") { Headers = { { "Accept", "text/html,*/*" } } };
        using var response = await Api.Anonymous.SendAsync(request);

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(code, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_goes_through_the_configured_mail_server()
    {
        using var server = new MailServer();
        await using var api = ApiInstance.Start(App, settings: Smtp(server.Port));

        var code = await api.Anonymous.RequestCodeAsync(_email);

        var received = Assert.Single(server.Received);
        Assert.Contains("MAIL FROM:<desk@clinic.example>", received, StringComparison.Ordinal);
        Assert.Contains($"RCPT TO:<{_email}>", received, StringComparison.Ordinal);
        Assert.Contains($"Subject: {code} is your code for the clinic", received, StringComparison.Ordinal);
        Assert.Contains("text/html", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_server_that_is_down_is_503_for_known_and_unknown_addresses_alike()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        await using var api = ApiInstance.Start(App, settings: Smtp(port));

        var refused = await api.Anonymous.PostAsJsonAsync("/api/auth/code", new RequestCode { Email = _email }, ClinicJson.Options);

        await AssertProblemAsync(refused, 503, "dependency_unavailable");
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    private static Dictionary<string, string?> Smtp(int port) => new()
    {
        ["ConnectionStrings:smtp"] = $"Endpoint=smtp://localhost:{port};From=Clinic <desk@clinic.example>;Tls=false",
    };

    /// <summary>As much of an SMTP server (RFC 5321) as it takes to receive messages.</summary>
    private sealed class MailServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public MailServer()
        {
            _listener.Start();
            _ = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        /// <summary>All that each client said.</summary>
        public ConcurrentQueue<string> Received { get; } = [];

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
                var said = new StringBuilder();
                var inMessage = false;
                await writer.WriteLineAsync("220 localhost");
                while (await reader.ReadLineAsync() is { } line)
                {
                    said.AppendLine(line);
                    if (inMessage && line != ".")
                    {
                        continue;
                    }

                    if (inMessage)
                    {
                        // The client hears of it only afterwards.
                        Received.Enqueue(said.ToString());
                    }

                    inMessage = line.Equals("DATA", StringComparison.OrdinalIgnoreCase);
                    await writer.WriteLineAsync(inMessage ? "354 Go on" : line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase) ? "221 Bye" : "250 OK");
                }
            }
        }
    }
}
