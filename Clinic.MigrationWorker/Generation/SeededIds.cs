using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Clinic.MigrationWorker.Generation;

/// <summary>Ids that come out the same on every run.</summary>
internal static class SeededIds
{
    private static readonly Guid Namespace = new("6b0a4f3e-52d7-4c5e-9f0e-2f4a1f1d7c11");

    /// <summary>A doctor keeps the id through every reset, so that bookmarks do.</summary>
    public static Guid Doctor(string key) => FromName($"doctor/{key}");

    /// <summary>A treatment keeps the id as long as it keeps its name.</summary>
    public static Guid Treatment(string doctorKey, string name) => FromName($"treatment/{doctorKey}/{name}");

    /// <summary>A UUIDv7 (RFC 9562, 5.7) whose random part comes from <paramref name="random"/>.</summary>
    public static Guid Version7(DateTimeOffset at, Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        var milliseconds = at.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)(milliseconds >> 32));
        BinaryPrimitives.WriteInt32BigEndian(bytes[2..], (int)milliseconds);
        return Stamp(bytes, version: 7);
    }

    /// <summary>A name-based UUIDv5 (RFC 9562, 5.5).</summary>
    private static Guid FromName(string name) =>
        Stamp(SHA1.HashData([.. Namespace.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)]).AsSpan(0, 16), version: 5);

    private static Guid Stamp(Span<byte> bytes, int version)
    {
        bytes[6] = (byte)((bytes[6] & 0x0F) | (version << 4));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
