using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Clinic.Tests.Web;

/// <summary>R27: what the services' HTTP clients repeat by themselves.</summary>
public sealed class SafeRetryTests
{
    [Theory]
    [InlineData("GET", null, 3)]
    [InlineData("POST", "key", 3)]
    [InlineData("PUT", "key", 3)]
    [InlineData("POST", null, 1)]
    [InlineData("PUT", null, 1)]
    [InlineData("DELETE", null, 1)]
    public async Task R27_an_unsafe_request_is_repeated_only_with_an_idempotency_key(string method, string? key, int expected)
    {
        var server = new Unreachable();
        using var client = Client(server);
        var request = new HttpRequestMessage(new HttpMethod(method), "http://api/anything");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request));

        Assert.Equal(expected, server.Calls.Count);
    }

    [Fact]
    public async Task R27_an_honest_503_is_passed_on()
    {
        var server = new Unreachable { Answer = HttpStatusCode.ServiceUnavailable };
        using var client = Client(server);

        var response = await client.GetAsync("http://api/anything");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Single(server.Calls);
    }

    [Fact]
    public async Task A_services_name_becomes_its_address()
    {
        var server = new Unreachable { Answer = HttpStatusCode.OK };
        using var client = Client(server);

        await client.GetAsync("http://api/api/doctors?q=a%20b");

        Assert.Equal("http://localhost:4711/api/doctors?q=a%20b", server.Calls.Single().AbsoluteUri);
    }

    private static HttpClient Client(HttpMessageHandler server)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["services:api:http:0"] = "http://localhost:4711";
        builder.AddServiceDefaults();
        builder.Services.AddHttpClient("test").ConfigurePrimaryHttpMessageHandler(() => server);
        return builder.Services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("test");
    }

    private sealed class Unreachable : HttpMessageHandler
    {
        public HttpStatusCode? Answer { get; init; }

        public List<Uri> Calls { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls.Add(request.RequestUri!);
            return Answer is { } status
                ? Task.FromResult(new HttpResponseMessage(status))
                : Task.FromException<HttpResponseMessage>(new HttpRequestException("Connection refused"));
        }
    }
}
