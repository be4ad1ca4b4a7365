using Clinic.Web.Api;
using Clinic.Web.Layout;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Clinic.Web.Sessions;

public static class SessionRegistration
{
    /// <summary>As long as the API keeps a session that nobody uses; every renewal starts it anew.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <remarks>
    /// Data protection encrypts the cookie. Its keys are kept in the home folder of whoever runs the web; where several
    /// replicas serve it, or its home folder does not last, they have to be shared:
    /// <c>AddDataProtection().PersistKeysTo…</c>.
    /// </remarks>
    public static void AddVisitorSessions(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddTransient<VisitorAddressHandler>();
        services.AddTransient<VisitorTokenHandler>();
        services.AddSignInApi();
        services.AddSingleton<TokenExchanges>();
        services.AddScoped<VisitorSession>();
        services.AddAuthorization();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "clinic-session";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = Life;
            cookie.SlidingExpiration = false;
            cookie.Events.OnRedirectToLogin = context =>
            {
                // What was posted is lost, and the visitor has to be told.
                var request = context.Request;
                context.Response.Redirect(Paths.SignIn(request.PathBase + request.Path + request.QueryString, unsent: HttpMethods.IsPost(request.Method)));
                return Task.CompletedTask;
            };
        });
    }
}
