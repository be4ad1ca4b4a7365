using Npgsql;

namespace Clinic.MigrationWorker.Storage;

/// <summary>COPY in binary form: the one way into Postgres that is quick enough for many rows.</summary>
internal static class BulkCopy
{
    /// <summary>Checking two exclusion constraints for every visit takes its time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Streams the rows into the connection's transaction; without its commit nothing of them stays.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="target">Table and columns, as <c>clinic.patients (id, full_name)</c>.</param>
    /// <param name="rows">What to write.</param>
    /// <param name="write">Writes one value per column, in their order.</param>
    /// <param name="cancellationToken">Ends the copy.</param>
    public static async Task CopyAsync<T>(
        this NpgsqlConnection connection,
        string target,
        IEnumerable<T> rows,
        Func<NpgsqlBinaryImporter, T, Task> write,
        CancellationToken cancellationToken)
    {
        await using var importer = await connection.BeginBinaryImportAsync($"COPY {target} FROM STDIN (FORMAT BINARY)", cancellationToken);
        importer.Timeout = Patience;
        foreach (var row in rows)
        {
            await importer.StartRowAsync(cancellationToken);
            await write(importer, row);
        }

        await importer.CompleteAsync(cancellationToken);
    }

    /// <summary>Writes the value, or null.</summary>
    public static Task WriteNullableAsync<T>(
        this NpgsqlBinaryImporter importer, T? value, string dataType, CancellationToken cancellationToken)
        where T : struct =>
        value is { } given ? importer.WriteAsync(given, dataType, cancellationToken) : importer.WriteNullAsync(cancellationToken);
}
