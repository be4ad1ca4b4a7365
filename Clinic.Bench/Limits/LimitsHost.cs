using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using StackExchange.Redis;

namespace Clinic.Bench.Limits;

/// <summary>
/// What the same server, clients and machine do with nothing of the clinic in between. It runs in a process of its own, so
/// that its CPU time can be told from the load generator's.
/// </summary>
internal static class LimitsHost
{
    public const string Argument = "limits-host";
    public const string PostgresVariable = "CLINIC_BENCH_POSTGRES";
    public const string RedisVariable = "CLINIC_BENCH_REDIS";
    public const string ReadyLine = "listening on ";

    public static string PayloadKey(int bytes) => string.Create(CultureInfo.InvariantCulture, $"clinic-bench:{bytes}");

    /// <summary>Serves until standard input ends, which it does when the bench ends, however that comes about.</summary>
    public static async Task<int> RunAsync()
    {
        await using var postgres = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable(PostgresVariable)!);
        using var redis = ConnectionMultiplexer.Connect(Environment.GetEnvironmentVariable(RedisVariable)!);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");

        var fixedBytes = new byte[2048];
        fixedBytes.AsSpan().Fill((byte)'x');
        app.MapGet("/fixed", context => AnswerAsync(context, fixedBytes));
        app.MapGet("/redis/{bytes:int}", async context =>
            await AnswerAsync(context, (byte[])(await redis.GetDatabase().StringGetAsync(PayloadKey(BytesOf(context))))!));
        app.MapGet("/select", async context =>
        {
            await using var command = postgres.CreateCommand("SELECT body FROM bench.payloads WHERE id = $1");
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = 1 });
            await AnswerAsync(context, (byte[])(await command.ExecuteScalarAsync())!);
        });
        var bookings = new BareBookings();
        app.MapPost("/book", async context =>
        {
            await using var command = bookings.Next(postgres);
            var visit = (Guid)(await command.ExecuteScalarAsync())!;
            context.Response.StatusCode = StatusCodes.Status201Created;
            await AnswerAsync(context, System.Text.Encoding.UTF8.GetBytes($"{{\"id\":\"{visit}\"}}"));
        });

        await app.StartAsync();
        Console.WriteLine(ReadyLine + app.Urls.Single());
        // Not ReadToEndAsync, which blocks the thread that calls it: that may be the one on which Redis answers.
        await Task.Run(Console.In.ReadToEnd);
        await app.StopAsync();
        return 0;
    }

    private static int BytesOf(HttpContext context) => int.Parse((string)context.Request.RouteValues["bytes"]!, CultureInfo.InvariantCulture);

    private static Task AnswerAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body).AsTask();
    }
}
