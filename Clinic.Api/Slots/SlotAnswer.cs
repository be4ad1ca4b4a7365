using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Clinic.Api.Slots;

/// <summary>
/// Free times as they go out, and as Redis keeps them: the bytes of the answer, so that a kept one is sent as it is, with
/// the instants between which it is right as long as the calendar does not change.
/// </summary>
internal sealed class SlotAnswer : IResult
{
    /// <summary>How long an answer is kept at most: the backstop for changes that nobody told of, such as those made in SQL.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private const int ETagLength = 26;
    private const int HeadLength = 2 * sizeof(long) + ETagLength;

    /// <summary>Head and body: from, until (UTC ticks, little-endian), ETag with its quotes (ASCII), JSON (UTF-8).</summary>
    private readonly byte[] _bytes;

    private SlotAnswer(byte[] bytes)
    {
        _bytes = bytes;
        ETag = Encoding.ASCII.GetString(_bytes, 2 * sizeof(long), ETagLength);
    }

    public byte[] Bytes => _bytes;

    private ReadOnlyMemory<byte> Body => _bytes.AsMemory(HeadLength);

    private string ETag { get; }

    /// <param name="times">The free times.</param>
    /// <param name="now">When they were computed.</param>
    public static SlotAnswer Of(FreeTimes times, DateTimeOffset now)
    {
        var body = new ArrayBufferWriter<byte>(HeadLength + 64 + (96 * times.Slots.Count));
        body.Advance(HeadLength);
        using (var json = new Utf8JsonWriter(body))
        {
            times.Write(json);
        }

        var bytes = body.WrittenSpan.ToArray();
        var until = times.Until < now + Life ? times.Until : now + Life;
        BinaryPrimitives.WriteInt64LittleEndian(bytes, now.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long)), until.UtcTicks);
        Encoding.ASCII.GetBytes($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(HeadLength)).AsSpan(0, 12))}\"", bytes.AsSpan(2 * sizeof(long)));
        return new SlotAnswer(bytes);
    }

    /// <summary>A kept answer; null for what is not of this form.</summary>
    public static SlotAnswer? Read(byte[]? bytes) => bytes is { Length: > HeadLength } ? new SlotAnswer(bytes) : null;

    /// <summary>Whether it is right at that instant, if the calendar has not changed.</summary>
    public bool IsRightAt(DateTimeOffset now) =>
        BinaryPrimitives.ReadInt64LittleEndian(_bytes) <= now.UtcTicks
        && now.UtcTicks < BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(sizeof(long)));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        // Anybody may keep the answer, but must ask whether it still holds.
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = ETag;
        if (request.Headers.IfNoneMatch.Count > 0 && Matches(request.GetTypedHeaders().IfNoneMatch))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, httpContext.RequestAborted).AsTask();
    }

    /// <summary>The weak comparison, which RFC 9110 asks for here.</summary>
    private bool Matches(IList<EntityTagHeaderValue> tags)
    {
        var own = new EntityTagHeaderValue(ETag);
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(own, useStrongComparison: false));
    }
}
