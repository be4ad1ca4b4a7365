using Microsoft.AspNetCore.OpenApi;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Clinic.Api.Requests;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c> and the page at <c>/docs</c> to try it.</summary>
internal static class ApiDocument
{
    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "Clinic";
        document.Info.Version = "v1";
        document.Info.Description =
            "Find a doctor, see the real free times, and book, move or cancel a visit. "
            + "Errors are RFC 9457 problem details with a stable `code`.";
        return Task.CompletedTask;
    });

    public static void ConfigurePage(SwaggerUIOptions page)
    {
        page.RoutePrefix = "docs";
        page.DocumentTitle = "Clinic API";
        page.SwaggerEndpoint("/openapi/v1.json", "Clinic v1");
    }
}
