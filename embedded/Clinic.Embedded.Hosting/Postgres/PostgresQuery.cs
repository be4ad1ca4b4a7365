using Npgsql;

namespace Clinic.Embedded.Hosting.Postgres;

/// <summary>One statement on a connection of its own.</summary>
internal static class PostgresQuery
{
    public static async Task RunAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false;Timeout=5;Application Name=apphost");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
