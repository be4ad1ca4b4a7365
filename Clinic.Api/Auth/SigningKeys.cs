using System.Security.Cryptography;
using System.Text;
using Clinic.Api.Problems;

namespace Clinic.Api.Auth;

/// <summary>A secret that signs tokens, and the id by which tokens name it.</summary>
internal sealed record SigningKey(string Id, byte[] Secret);

/// <summary>
/// The secrets that all instances share: <c>Auth:SigningKey</c> signs, <c>Auth:PreviousSigningKey</c> is still believed. To
/// change the key make the old one the previous one, and drop it once the last token that it signed has expired.
/// </summary>
internal sealed class SigningKeys
{
    private const string Setting = "Auth:SigningKey";
    private const string PreviousSetting = "Auth:PreviousSigningKey";
    private const int MinBytes = 32;

    private readonly SigningKey? _previous;

    /// <exception cref="ConfigurationProblem">A key is missing or too short; says which and what to do.</exception>
    public SigningKeys(IConfiguration configuration)
    {
        Current = Read(configuration, Setting) ?? throw new ConfigurationProblem(
            $"{Setting} is missing: the secret with which all instances of the API sign access tokens. Start the app through the AppHost, "
            + $"which makes one up, or set Auth__SigningKey to at least {MinBytes} random characters, as of: openssl rand -base64 48");
        _previous = Read(configuration, PreviousSetting);
        CodeKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, Current.Secret, MinBytes, info: "clinic sign-in codes"u8.ToArray());
    }

    /// <summary>Signs new tokens.</summary>
    public SigningKey Current { get; }

    /// <summary>Hashes one-time codes. Derived, so that one secret is all there is to keep.</summary>
    public byte[] CodeKey { get; }

    public SigningKey? Find(string id) => id == Current.Id ? Current : id == _previous?.Id ? _previous : null;

    private static SigningKey? Read(IConfiguration configuration, string setting)
    {
        var text = configuration[setting];
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var secret = Encoding.UTF8.GetBytes(text.Trim());
        return secret.Length >= MinBytes
            ? new SigningKey(Convert.ToHexStringLower(SHA256.HashData(secret).AsSpan(0, 6)), secret)
            : throw new ConfigurationProblem($"{setting} has {secret.Length} characters; give at least {MinBytes} random ones.");
    }
}
