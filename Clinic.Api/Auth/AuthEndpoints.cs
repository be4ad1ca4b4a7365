using Clinic.Api.Problems;
using Clinic.Core.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Clinic.Api.Auth;

internal static class AuthEndpoints
{
    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        // Read now: a missing key is to stop the start, not the first sign-in.
        builder.Services.AddSingleton(new SigningKeys(builder.Configuration));
        builder.Services.AddSingleton<AccessTokens>();
        builder.Services.AddSingleton<SignInCodes>();
        builder.Services.AddSingleton<Sessions>();
        builder.Services.AddSingleton<SignIn>();
        builder.Services.AddAuthentication(BearerHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, null);
        builder.Services.AddAuthorization();
    }

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/api/auth").WithTags("Sign-in");
        auth.MapPost("/code", SendCode).WithName("SendSignInCode").WithSummary("Sends a code by e-mail; the answer is the same for every address.");
        auth.MapPost("/token", Redeem).WithName("SignIn").WithSummary("Gives tokens for a code. An address seen for the first time becomes a patient.")
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        auth.MapPost("/refresh", Refresh).WithName("RefreshTokens").WithSummary("Gives new tokens; a refresh token used twice ends the session.")
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        auth.MapPost("/sign-out", SignOut).WithName("SignOut").WithSummary("Ends the session of the refresh token, or of the access token.")
            .ProducesProblem(StatusCodes.Status401Unauthorized);
    }

    private static async Task<Accepted> SendCode(SignIn signIn, RequestCode request, CancellationToken cancellationToken)
    {
        await signIn.SendCodeAsync(request, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    private static async Task<Ok<Tokens>> Redeem(SignIn signIn, RequestToken request, CancellationToken cancellationToken) =>
        TypedResults.Ok(await signIn.RedeemAsync(request, cancellationToken));

    private static async Task<Ok<Tokens>> Refresh(Sessions sessions, RefreshTokens request, CancellationToken cancellationToken) =>
        TypedResults.Ok(await sessions.RefreshAsync(request.RefreshToken, cancellationToken));

    private static async Task<NoContent> SignOut(HttpContext context, Sessions sessions, SignOut? request, CancellationToken cancellationToken)
    {
        if (request?.RefreshToken is { } refreshToken)
        {
            await sessions.EndAsync(refreshToken, cancellationToken);
        }
        else if (context.Features.Get<Identity>() is { } identity)
        {
            await sessions.EndAsync(identity.SessionId, cancellationToken);
        }
        else
        {
            throw ClinicProblem.Unauthorized(ProblemCodes.Unauthenticated, "Send the refresh token in the body, or the access token as Authorization: Bearer.");
        }

        return TypedResults.NoContent();
    }
}
