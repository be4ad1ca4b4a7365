using System.Text.Json;
using Clinic.Core.Contracts;

namespace Clinic.Web.Api;

/// <summary>
/// One request to the API and its answer. Nothing here throws for what the API says or for its not answering: that comes
/// back as an <see cref="ApiProblem"/>.
/// </summary>
internal static class ApiExchange
{
    public static async Task<Answer<T>> Send<T>(HttpClient http, HttpRequestMessage request, ILogger logger, CancellationToken cancel)
        where T : class
    {
        T? value = null;
        var problem = await Send(http, request, logger, cancel, Read);
        return problem is null ? value! : problem;

        async Task Read(HttpContent body) =>
            value = await body.ReadFromJsonAsync<T>(ClinicJson.Options, cancel) ?? throw new JsonException("The body is null.");
    }

    /// <summary>Null where all went well; <paramref name="read"/> takes what was answered, if anything is of interest.</summary>
    public static async Task<ApiProblem?> Send(
        HttpClient http, HttpRequestMessage request, ILogger logger, CancellationToken cancel, Func<HttpContent, Task>? read = null)
    {
        try
        {
            using var response = await http.SendAsync(request, cancel);
            if (!response.IsSuccessStatusCode)
            {
                return await ReadProblem(response, cancel);
            }

            await (read?.Invoke(response.Content) ?? Task.CompletedTask);
            return null;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // Whatever it is (refused, timed out, circuit open, cut short, not JSON): for the visitor the clinic's system does not answer.
            logger.LogWarning(e, "{Method} {Path} got no usable answer", request.Method, request.RequestUri?.OriginalString.Split('?')[0]);
            return ApiProblem.Down();
        }
    }

    private static async Task<ApiProblem> ReadProblem(HttpResponseMessage response, CancellationToken cancel)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            // Not the API's own words, as of a proxy in between.
            return status >= 500 ? ApiProblem.Down() : ApiProblem.Of(status, ProblemCodes.InvalidRequest);
        }

        var details = await response.Content.ReadFromJsonAsync<ProblemBody>(ClinicJson.Options, cancel);
        return new ApiProblem(
            status,
            details?.Code ?? ProblemCodes.InvalidRequest,
            details?.Detail,
            new Dictionary<string, string[]>(details?.Errors ?? [], StringComparer.OrdinalIgnoreCase))
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    /// <summary>Members that a problem does not need are left out of it.</summary>
    private sealed record ProblemBody(string? Code = null, string? Detail = null, Dictionary<string, string[]>? Errors = null);
}
