using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Clinic.Embedded.Hosting.Dashboard.Protocol;
using Clinic.Embedded.Hosting.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Clinic.Embedded.Hosting.Dashboard;

/// <summary>
/// What the dashboard asks this process: <c>aspire.v1.DashboardService</c> over plain HTTP/2 on this machine, for those who know the key.
/// </summary>
internal sealed class ResourceService(
    ResourceMapping mapping,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    EmbeddedSettings settings) : IAsyncDisposable
{
    private const string Path = "/aspire.v1.DashboardService/";
    private const string KeyHeader = "x-resource-service-api-key";

    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _server;

    public async Task StartAsync(DashboardSettings dashboard, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = settings.AppHostName });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            void Http2(ListenOptions listen) => listen.Protocols = HttpProtocols.Http2;
            kestrel.AddServerHeader = false;
            kestrel.ListenLocalhost(dashboard.ResourceService.Port, Http2);
        });

        // Ctrl+C is the application's business.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();

        _server = builder.Build();
        _server.Run(http => HandleAsync(http, dashboard.ResourceServiceApiKey));
        await _server.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task HandleAsync(HttpContext http, string key)
    {
        var call = new GrpcCall(http);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping.Token);

        try
        {
            await call.BeginAsync(ended.Token);
            call.End(Knows(http, key) ? await AnswerAsync(http.Request.Path.Value, call, ended.Token) : GrpcStatus.Unauthenticated);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Not Cancelled (1): the dashboard would take that for the end and not come again.
            call.End(GrpcStatus.Unavailable);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or Google.Protobuf.InvalidProtocolBufferException)
        {
            call.End(GrpcStatus.Internal);
        }
    }

    private async Task<GrpcStatus> AnswerAsync(string? path, GrpcCall call, CancellationToken cancellationToken)
    {
        switch (path)
        {
            case Path + "GetApplicationInformation":
                await call.SendAsync(new ApplicationInformationResponse { ApplicationName = settings.AppHostName }, cancellationToken);
                return GrpcStatus.Ok;

            case Path + "WatchResources":
                await WatchResourcesAsync(call, cancellationToken);
                return GrpcStatus.Unavailable;

            case Path + "WatchResourceConsoleLogs":
                await WatchLogsAsync(call, cancellationToken);
                return GrpcStatus.Ok;

            case Path + "ExecuteResourceCommand":
                await ExecuteCommandAsync(call, cancellationToken);
                return GrpcStatus.Ok;

            case Path + "WatchInteractions":
                // Nothing is ever asked of people here. A refusal would be taken for a version that does not fit.
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return GrpcStatus.Unavailable;

            default:
                return GrpcStatus.Unimplemented;
        }
    }

    private async Task WatchResourcesAsync(GrpcCall call, CancellationToken cancellationToken)
    {
        var initial = new InitialResourceData();
        initial.Resources.AddRange(notifications.Current().Select(mapping.Describe));
        await call.SendAsync(new WatchResourcesUpdate { InitialData = initial }, cancellationToken);

        // It begins with all of them once more, so that nothing between the two is lost.
        await foreach (var resourceEvent in notifications.WatchAsync(cancellationToken))
        {
            var changes = new WatchResourcesChanges { Value = { new WatchResourcesChange { Upsert = mapping.Describe(resourceEvent) } } };
            await call.SendAsync(new WatchResourcesUpdate { Changes = changes }, cancellationToken);
        }
    }

    private async Task WatchLogsAsync(GrpcCall call, CancellationToken cancellationToken)
    {
        var request = await call.ReadAsync(WatchResourceConsoleLogsRequest.Parser, cancellationToken);
        var batches = request.SuppressFollow ? logs.GetAllAsync(request.ResourceName) : logs.WatchAsync(request.ResourceName, cancellationToken);

        await foreach (var batch in batches)
        {
            foreach (var lines in batch.Chunk(500))
            {
                var update = new WatchResourceConsoleLogsUpdate();
                update.LogLines.AddRange(lines.Select(line =>
                    new ConsoleLogLine { LineNumber = line.LineNumber, Text = line.Content, IsStdErr = line.IsErrorMessage }));
                await call.SendAsync(update, cancellationToken);
            }
        }
    }

    private async Task ExecuteCommandAsync(GrpcCall call, CancellationToken cancellationToken)
    {
        var request = await call.ReadAsync(ResourceCommandRequest.Parser, cancellationToken);
        var result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, cancellationToken);
        var response = new ResourceCommandResponse
        {
            Kind = result.Success ? ResourceCommandResponseKind.Succeeded
                : result.Canceled ? ResourceCommandResponseKind.Cancelled
                : ResourceCommandResponseKind.Failed,
        };

        if (result.Message is { } message)
        {
            response.Message = message;
        }

        await call.SendAsync(response, cancellationToken);
    }

    private static bool Knows(HttpContext http, string key) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(http.Request.Headers[KeyHeader].ToString()), Encoding.UTF8.GetBytes(key));

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
