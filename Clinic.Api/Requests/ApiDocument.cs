using Clinic.Api.Auth;
using Microsoft.OpenApi;

namespace Clinic.Api.Requests;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c> and the page at <c>/docs</c> to try it.</summary>
internal static class ApiDocument
{
    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Clinic";
            document.Info.Version = "v1";
            document.Info.Description =
                "Find a doctor, see the real free times, and book, move or cancel a visit. Doctors, treatments and free times are public; "
                + "all else needs an access token. Errors are RFC 9457 problem details with a stable `code`.";
            document.Components ??= new OpenApiComponents();
            document.AddComponent(BearerHandler.SchemeName, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "The `accessToken` of POST /api/auth/token.",
            });
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Access>().Any(access => !access.IsPublic))
            {
                operation.Security = [new() { [new OpenApiSecuritySchemeReference(BearerHandler.SchemeName, context.Document)] = [] }];
            }

            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi();
        // Only where its page is: it would match the path of every request against its patterns.
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/docs"), docs => docs.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "Clinic API";
            page.SwaggerEndpoint("/openapi/v1.json", "Clinic v1");
        }));
    }
}
