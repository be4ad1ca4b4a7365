using Clinic.AppHost;
using Clinic.AppHost.Commands;
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

var postgres = builder.AddPostgres("postgres");
if (builder.Configuration.GetValue("UseVolumes", true))
{
    postgres.WithDataVolume(); // Tests start without: their data is thrown away.
}

var clinicdb = postgres.AddDatabase("clinicdb");
var cache = builder.AddRedis("cache");
var signingKey = builder.AddParameter("signing-key", new GenerateParameterDefault { MinLength = 48 }, secret: true);

// Brings the schema and the data up to date, then exits.
var migrations = builder.AddProject<Projects.Clinic_MigrationWorker>("migrations")
    .WithReference(clinicdb).WaitFor(clinicdb)
    .WithSettings(builder.Configuration, "Seed", "Accounts").WithReseedCommand();

var api = builder.AddProject<Projects.Clinic_Api>("api")
    .WithReference(clinicdb).WithReference(cache).WaitFor(cache)
    .WaitForCompletion(migrations)
    .WithEnvironment("Auth__SigningKey", signingKey)
    .WithSettings(builder.Configuration, "ConnectionStrings:smtp", "RateLimits", "Cors")
    .WithReplicas(builder.Configuration.GetValue("Api:Replicas", 1))
    .WithHttpHealthCheck("/health")
    .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/docs", "API docs"))
    .WithRushCommand()
    .WithExternalHttpEndpoints();

builder.AddProject<Projects.Clinic_Web>("web")
    .WithReference(api).WaitFor(api)
    .WithHttpHealthCheck("/health")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Clinic")
    .WithExternalHttpEndpoints();

builder.Build().Run();
