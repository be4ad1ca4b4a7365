using Clinic.Api.Problems;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Clinic.Tests.Api;

/// <summary>What keeps the API from starting, and what it says then.</summary>
public sealed class StartTests
{
    private const string Key = "0123456789012345678901234567890123456789";
    private const string Smtp = "Endpoint=smtp://mail.example:587;From=desk@clinic.example";

    [Theory]
    [InlineData("Auth:SigningKey", "", "Auth:SigningKey is missing")]
    [InlineData("Auth:SigningKey", "short", "Auth:SigningKey has 5 characters; give at least 32 random ones.")]
    [InlineData("Auth:PreviousSigningKey", "short", "Auth:PreviousSigningKey has 5 characters")]
    [InlineData("ConnectionStrings:clinicdb", "", "The connection string 'clinicdb' is missing")]
    [InlineData("ConnectionStrings:clinicdb", "Host=db;Username=clinic", "The connection string 'clinicdb' has no password")]
    [InlineData("ConnectionStrings:smtp", "", "The connection string 'smtp' is missing")]
    [InlineData("ConnectionStrings:smtp", "Endpoint=smtps://mail.example:465;From=desk@clinic.example", "Implicit TLS")]
    [InlineData("ConnectionStrings:smtp", "Endpoint=smtp://mail.example", "needs From")]
    [InlineData("ConnectionStrings:smtp", "Endpoint=smtp://mail.example;From=a@b.example;Pasword=hunter2", "has 'pasword', which is not known")]
    [InlineData("ConnectionStrings:smtp", "Endpoint=smtp://mail.example;From=a@b.example;Tls=maybe", "Tls")]
    [InlineData("RateLimits:Reads:Burst", "many", "RateLimits:Reads:Burst is 'many': give a whole number")]
    [InlineData("RateLimits:Reeds:Burst", "10", "RateLimits:Reeds is not known")]
    [InlineData("Cors:Origins", "https://clinic.example/page", "Cors:Origins has 'https://clinic.example/page'")]
    public void In_Production_a_missing_or_wrong_setting_stops_the_start_and_is_named(string setting, string value, string says)
    {
        var problem = Assert.ThrowsAny<Exception>(() => new Production(setting, value).Server).GetBaseException();

        Assert.IsType<ConfigurationProblem>(problem);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
        Assert.Equal(problem.Message, problem.ToString());
    }

    [Fact]
    public async Task In_Production_there_is_no_mailbox()
    {
        await using var api = new Production("", "");
        using var client = api.CreateClient();

        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await client.GetAsync("/dev/mail")).StatusCode);
    }

    private sealed class Production(string setting, string value) : WebApplicationFactory<ClinicProblem>
    {
        protected override IHost CreateHost(IHostBuilder builder)
        {
            builder.ConfigureHostConfiguration(configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:clinicdb"] = "Host=localhost;Port=1;Username=clinic;Password=hunter2",
                ["ConnectionStrings:cache"] = "localhost:1,abortConnect=false",
                ["ConnectionStrings:smtp"] = Smtp,
                ["Auth:SigningKey"] = Key,
                [setting] = value,
            }));
            return base.CreateHost(builder);
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
            .UseEnvironment("Production")
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.None));
    }
}
