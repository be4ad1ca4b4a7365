using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Clinic.Embedded.Hosting.Dashboard;

/// <summary>How a call ended; the numbers are gRPC's.</summary>
internal enum GrpcStatus
{
    Ok = 0,
    Unimplemented = 12,
    Internal = 13,

    /// <summary>The client comes again.</summary>
    Unavailable = 14,
    Unauthenticated = 16,
}

/// <summary>
/// One call as gRPC has it on HTTP/2: messages with a length before each, and the outcome in a trailer.
/// </summary>
internal sealed class GrpcCall(HttpContext http)
{
    private const int PrefixLength = 5;
    private const int LargestMessage = 1 << 20;

    /// <summary>Reads the one message of the request.</summary>
    /// <exception cref="InvalidDataException">It is compressed, or larger than any that the dashboard sends.</exception>
    public async Task<T> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancellationToken) where T : IMessage<T>
    {
        var prefix = new byte[PrefixLength];
        await http.Request.Body.ReadExactlyAsync(prefix, cancellationToken);

        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1));
        if (prefix[0] != 0 || length > LargestMessage)
        {
            throw new InvalidDataException($"A message of {length} bytes, compressed or too large.");
        }

        var message = new byte[length];
        await http.Request.Body.ReadExactlyAsync(message, cancellationToken);
        return parser.ParseFrom(message);
    }

    /// <summary>Sends the head of the answer, so that the client knows that it has been heard.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        http.Response.ContentType = "application/grpc";
        await http.Response.StartAsync(cancellationToken);
        await http.Response.Body.FlushAsync(cancellationToken);
    }

    public async Task SendAsync(IMessage message, CancellationToken cancellationToken)
    {
        var length = message.CalculateSize();
        var frame = new byte[PrefixLength + length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)length);
        message.WriteTo(frame.AsSpan(PrefixLength));

        await http.Response.Body.WriteAsync(frame, cancellationToken);
        await http.Response.Body.FlushAsync(cancellationToken);
    }

    /// <summary>Must come after <see cref="BeginAsync"/>.</summary>
    public void End(GrpcStatus status) => http.Response.AppendTrailer("grpc-status", $"{(int)status}");
}
