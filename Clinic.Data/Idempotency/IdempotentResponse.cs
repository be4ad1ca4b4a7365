using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clinic.Data.Idempotency;

/// <summary>
/// The answer to a request that carried an Idempotency-Key, written in the transaction of its change: both are there or
/// neither (R28). A refused request changed nothing and leaves no row, so its key may be used again.
/// </summary>
public sealed class IdempotentResponse
{
    /// <summary>Whose key it is: the same key of another caller is another key.</summary>
    public required string Caller { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of method, path with query, and body.</summary>
    public required byte[] RequestHash { get; init; }

    public required int StatusCode { get; init; }

    /// <summary>The body of the answer, to the byte.</summary>
    public required string Body { get; init; }

    public string? Location { get; init; }

    public string? ETag { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class IdempotentResponseConfiguration : IEntityTypeConfiguration<IdempotentResponse>
{
    public void Configure(EntityTypeBuilder<IdempotentResponse> response)
    {
        response.ToTable("idempotency_keys", table => table.HasComment("Answers to requests with an Idempotency-Key, for their replay."));
        response.HasKey(r => new { r.Caller, r.Key });
        response.Property(r => r.Caller).HasMaxLength(200).HasComment("Whose key it is.");
        response.Property(r => r.Key).HasMaxLength(255).HasComment("As the client sent it.");
        response.Property(r => r.RequestHash).HasComment("SHA-256 of method, path with query, and body.");
        response.Property(r => r.StatusCode).HasComment("HTTP status of the answer.");
        response.Property(r => r.Body).HasComment("Body of the answer, to the byte.");
        response.Property(r => r.Location).HasMaxLength(500).HasComment("Location header of the answer.");
        response.Property(r => r.ETag).HasColumnName("etag").HasMaxLength(100).HasComment("ETag header of the answer.");
        response.Property(r => r.CreatedAt).HasComment("When it was written.");
        // None by CreatedAt: the hourly sweep reads a day's keys, and each booking would pay for the index.
    }
}
