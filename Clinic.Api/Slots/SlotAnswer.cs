using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Clinic.Core.Contracts;
using Microsoft.Net.Http.Headers;

namespace Clinic.Api.Slots;

/// <summary>
/// Free times as they go out, and as Redis keeps them: the bytes of the answer, so that a kept one is sent as it is, with
/// the instants between which it is right as long as the calendar does not change.
/// </summary>
internal sealed class SlotAnswer : IResult
{
    private const int ETagLength = 26;
    private const int HeadLength = 2 * sizeof(long) + ETagLength;

    /// <summary>Head and body: from, until (UTC ticks, little-endian), ETag with its quotes (ASCII), JSON (UTF-8).</summary>
    private readonly byte[] _bytes;

    private SlotAnswer(byte[] bytes) => _bytes = bytes;

    public byte[] Bytes => _bytes;

    private ReadOnlyMemory<byte> Body => _bytes.AsMemory(HeadLength);

    private string ETag => Encoding.ASCII.GetString(_bytes, 2 * sizeof(long), ETagLength);

    /// <param name="slots">The free times.</param>
    /// <param name="from">When they were computed.</param>
    /// <param name="until">The first instant at which they may be others.</param>
    public static SlotAnswer Of(DoctorSlots slots, DateTimeOffset from, DateTimeOffset until)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(slots, ClinicJson.Options);
        var bytes = new byte[HeadLength + body.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, from.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long)), until.UtcTicks);
        Encoding.ASCII.GetBytes($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\"", bytes.AsSpan(2 * sizeof(long)));
        body.CopyTo(bytes, HeadLength);
        return new SlotAnswer(bytes);
    }

    /// <summary>A kept answer, or null where it is not right at <paramref name="now"/>, or not of this form.</summary>
    public static SlotAnswer? Read(byte[]? bytes, DateTimeOffset now) =>
        bytes is { Length: > HeadLength }
        && BinaryPrimitives.ReadInt64LittleEndian(bytes) <= now.UtcTicks
        && now.UtcTicks < BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(sizeof(long)))
            ? new SlotAnswer(bytes)
            : null;

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
