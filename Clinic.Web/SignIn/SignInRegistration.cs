using Clinic.Web.Layout;
using Clinic.Web.Sessions;
using Microsoft.AspNetCore.Antiforgery;

namespace Clinic.Web.SignIn;

public static class SignInRegistration
{
    public static void AddSignIn(this IServiceCollection services) => services.AddSingleton<PendingSignIn>();

    public static void MapSignOut(this WebApplication app) =>
        app.MapPost(Paths.SignOut, SignOut).WithMetadata(new RequireAntiforgeryTokenAttribute());

    private static async Task<IResult> SignOut(VisitorSession session)
    {
        await session.End();
        return TypedResults.LocalRedirect(Paths.Find);
    }
}
