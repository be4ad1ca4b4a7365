using Microsoft.AspNetCore.Authorization;

namespace Clinic.Api.Auth;

/// <summary>Puts the rows of <see cref="AccessTable"/> on the endpoints that they are about.</summary>
internal static class AccessRules
{
    /// <summary>A group whose endpoints each need a row.</summary>
    /// <exception cref="InvalidOperationException">At the start, for an endpoint without one.</exception>
    public static IEndpointRouteBuilder MapGuarded(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("");
        ((IEndpointConventionBuilder)group).Finally(Guard);
        return group;
    }

    private static void Guard(EndpointBuilder endpoint)
    {
        var name = endpoint.Metadata.OfType<IEndpointNameMetadata>().FirstOrDefault()?.EndpointName;
        if (name is null || !AccessTable.Rows.TryGetValue(name, out var access))
        {
            throw new InvalidOperationException($"{endpoint.DisplayName} has no row in {nameof(AccessTable)}: say there who may use it.");
        }

        endpoint.Metadata.Add(access);
        if (!access.IsPublic)
        {
            var roles = Enum.GetValues<Core.Accounts.AccountRole>().Where(role => access.Of(role) != Reach.None);
            endpoint.Metadata.Add(new AuthorizeAttribute { Roles = string.Join(',', roles) });
        }
    }
}
