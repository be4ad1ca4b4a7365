using Clinic.Core.Contracts;
using Clinic.Web.Sessions;

namespace Clinic.Web.Api;

/// <summary>
/// The part of the API that sessions come from. It stands apart from <see cref="ClinicApi"/>, which sends the visitor's
/// access token with every request: here that token is made, renewed and ended.
/// </summary>
/// <remarks>Nothing is cancelled: a renewal whose answer is thrown away would cost the visitor the session.</remarks>
public sealed class SignInApi(HttpClient http, ILogger<SignInApi> logger)
{
    /// <summary>Sends a code to the address. Null where it is on its way.</summary>
    public Task<ApiProblem?> SendCode(string email) => Post("/api/auth/code", new RequestCode { Email = email });

    public Task<Answer<Tokens>> Redeem(string email, string code) =>
        Post<Tokens>("/api/auth/token", new RequestToken { Email = email, Code = code });

    /// <summary>New tokens for a refresh token, which is good for one use; a second use ends the session.</summary>
    public Task<Answer<Tokens>> Refresh(string refreshToken) =>
        Post<Tokens>("/api/auth/refresh", new RefreshTokens { RefreshToken = refreshToken });

    /// <summary>Ends the session of an access token, whichever of its refresh tokens is the latest.</summary>
    public async Task<ApiProblem?> SignOut(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/sign-out") { Headers = { Authorization = new("Bearer", accessToken) } };
        return await ApiExchange.Send(http, request, logger, CancellationToken.None);
    }

    private async Task<ApiProblem?> Post(string path, object body)
    {
        using var request = Request(path, body);
        return await ApiExchange.Send(http, request, logger, CancellationToken.None);
    }

    private async Task<Answer<T>> Post<T>(string path, object body)
        where T : class
    {
        using var request = Request(path, body);
        return await ApiExchange.Send<T>(http, request, logger, CancellationToken.None);
    }

    private static HttpRequestMessage Request(string path, object body) =>
        new(HttpMethod.Post, path) { Content = JsonContent.Create(body, body.GetType(), options: ClinicJson.Options) };
}

public static class SignInApiRegistration
{
    public static void AddSignInApi(this IServiceCollection services) =>
        services.AddHttpClient<SignInApi>(http => (http.BaseAddress, http.Timeout) = (ClinicApi.Address, ClinicApi.Patience))
            .AddHttpMessageHandler<VisitorAddressHandler>();
}
