using System.Text.RegularExpressions;

namespace Clinic.Web.SignIn;

/// <summary>What the two forms of signing in carry, as it was typed.</summary>
public sealed partial class SignInForm
{
    /// <summary>The value of <see cref="Action"/> that asks for a new code.</summary>
    public const string Again = "again";

    public string? Email { get; set; }

    public string? Code { get; set; }

    /// <summary>What the pressed button asks for: <see cref="Again"/>, or else to sign in.</summary>
    public string? Action { get; set; }

    /// <summary>The address as the API knows it, or null for what is plainly none. The API has the last word.</summary>
    public string? EmailOrNull => Email?.Trim().ToLowerInvariant() is { } email && EmailPattern().IsMatch(email) ? email : null;

    /// <summary>The six digits, with whatever spaces people put between them; null for anything else.</summary>
    public string? CodeOrNull => Code?.Replace(" ", "", StringComparison.Ordinal) is { Length: 6 } code && code.All(char.IsAsciiDigit) ? code : null;

    [GeneratedRegex(@"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+\z")]
    private static partial Regex EmailPattern();
}
