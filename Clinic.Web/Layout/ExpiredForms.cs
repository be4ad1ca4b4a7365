using Microsoft.AspNetCore.Antiforgery;

namespace Clinic.Web.Layout;

public static class ExpiredForms
{
    /// <summary>
    /// Answers a form whose antiforgery token does not hold (any more) with the page for that; stands after
    /// <c>UseAntiforgery</c>, whose own answer would be empty.
    /// </summary>
    public static void UseExpiredForms(this WebApplication app) => app.Use((context, next) =>
    {
        if (!HttpMethods.IsPost(context.Request.Method) || context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false })
        {
            return next(context);
        }

        // The page that takes its place is one to read: as a post it would be refused for the same reason.
        context.Request.Method = HttpMethods.Get;
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    });
}
