using Npgsql;

namespace Clinic.Embedded.Hosting.Postgres;

/// <summary>One statement on a connection of its own.</summary>
internal static class PostgresQuery
{
    /// <returns>The first column of the first row; nothing when there is no row.</returns>
    public static async Task<object?> RunAsync(string connectionString, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false;Timeout=5;Application Name=apphost");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
