using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Clinic.ServiceDefaults.Telemetry;

/// <summary>
/// Completes the spans that ASP.NET Core begins for requests: a name such as <c>GET /api/doctors/{id}/slots</c>,
/// <c>http.route</c>, <c>http.response.status_code</c>, and the error of a request that failed by our fault.
/// </summary>
internal sealed class ServerSpans : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(CompleteAsync);
        next(app);
    };

    // Where the host logs its requests, as the API's settings keep it from doing, there is an activity without anybody who listens.
    private static Task CompleteAsync(HttpContext context, RequestDelegate next) =>
        context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span && span.Source.HasListeners()
            ? CompleteAsync(span, context, next)
            : next(context);

    private static async Task CompleteAsync(Activity span, HttpContext context, RequestDelegate next)
    {
        // Queries hold what people look for: names, for instance.
        span.SetTag("url.query", null);

        // While the answer begins it can still be told which endpoint was asked for: later the one of an error page stands there.
        Endpoint? endpoint = null;
        context.Response.OnStarting(() =>
        {
            endpoint = AskedFor(context);
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
            Name(span, endpoint ?? AskedFor(context));
            Answer(span, context.Response.StatusCode, context.Features.Get<IExceptionHandlerFeature>()?.Error);
        }
        catch (Exception exception)
        {
            Name(span, endpoint ?? AskedFor(context));
            if (!context.RequestAborted.IsCancellationRequested)
            {
                Answer(span, StatusCodes.Status500InternalServerError, exception);
            }

            throw;
        }
    }

    /// <summary>The endpoint of the request itself: not the page that a failure or an empty answer was replaced by.</summary>
    private static Endpoint? AskedFor(HttpContext context)
    {
        if (context.Features.Get<IExceptionHandlerFeature>() is { } failed)
        {
            return failed.Endpoint;
        }

        return context.Features.Get<IStatusCodeReExecuteFeature>() is { } replaced ? replaced.Endpoint : context.GetEndpoint();
    }

    private static void Name(Activity span, Endpoint? endpoint)
    {
        var method = span.GetTagItem("http.request.method") as string is { } known and not "_OTHER" ? known : "HTTP";
        if (endpoint is RouteEndpoint { RoutePattern: var pattern })
        {
            var route = RouteOf(pattern);
            span.DisplayName = $"{method} {route}";
            span.SetTag("http.route", route);
        }
        else
        {
            // Anybody can ask for any path, so it is no part of a name.
            span.DisplayName = method;
        }
    }

    private static void Answer(Activity span, int status, Exception? exception)
    {
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
            span.SetTag("error.type", exception?.GetType().FullName ?? status.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The template without its constraints: <c>{id}</c> for <c>{id:guid}</c>.</summary>
    private static string RouteOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            _ => "",
        }))));
}
