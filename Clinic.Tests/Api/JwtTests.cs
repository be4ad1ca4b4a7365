using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Clinic.Api.Auth;

namespace Clinic.Tests.Api;

public sealed class JwtTests
{
    /// <summary>The key of RFC 7515, appendix A.1.</summary>
    private static readonly byte[] Rfc7515Key = Base64Url.DecodeFromChars("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");

    private static readonly SigningKey Key = new("k1", Rfc7515Key);

    [Fact]
    public void Signs_as_RFC_7515_says()
    {
        // The appendix' header has no kid, so its claims are signed anew here by the platform's own HMAC.
        const string Claims = """{"iss":"joe"}""";
        var parts = Jwt.Sign(Encoding.UTF8.GetBytes(Claims), Key).Split('.');

        Assert.Equal("""{"alg":"HS256","typ":"JWT","kid":"k1"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        Assert.Equal(Claims, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])));
        Assert.Equal(HMACSHA256.HashData(Rfc7515Key, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}")), Base64Url.DecodeFromChars(parts[2]));
    }

    [Fact]
    public void Takes_what_it_signed()
    {
        var token = Jwt.Sign("""{"iss":"joe"}"""u8, Key);

        Assert.Equal("joe", Jwt.Verify(token, Find)?.GetProperty("iss").GetString());
    }

    [Theory]
    [InlineData("""{"alg":"none","kid":"k1"}""")]
    [InlineData("""{"alg":"HS512","kid":"k1"}""")]
    [InlineData("""{"alg":"hs256","kid":"k1"}""")]
    [InlineData("""{"alg":"HS256"}""")]
    [InlineData("""{"alg":"HS256","kid":"unknown"}""")]
    [InlineData("[]")]
    [InlineData("not json")]
    public void Refuses_any_other_header_even_if_it_is_signed(string header)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString("{}"u8)}";
        var signature = Base64Url.EncodeToString(HMACSHA256.HashData(Rfc7515Key, Encoding.ASCII.GetBytes(signed)));

        Assert.Null(Jwt.Verify($"{signed}.{signature}", Find));
        Assert.Null(Jwt.Verify($"{signed}.", Find));
    }

    [Fact]
    public void Refuses_a_token_with_any_character_changed()
    {
        var token = Jwt.Sign("""{"iss":"joe","sub":"0195a6f0"}"""u8, Key);
        for (var i = 0; i < token.Length; i++)
        {
            // Another letter of which at least one of the upper bits differs: the last one of a part has bits that count for nothing.
            var changed = token.ToCharArray();
            changed[i] = changed[i] is >= 'A' and <= 'P' ? 'w' : 'B';
            Assert.True(changed[i] == token[i] || Jwt.Verify(new string(changed), Find) is null, $"Changed at {i}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("ä.ö.ü")]
    public void Refuses_nonsense(string token) => Assert.Null(Jwt.Verify(token, Find));

    [Fact]
    public void Refuses_what_is_too_long_to_be_a_token() => Assert.Null(Jwt.Verify(new string('a', 5000), Find));

    private static SigningKey? Find(string id) => id == Key.Id ? Key : null;
}
