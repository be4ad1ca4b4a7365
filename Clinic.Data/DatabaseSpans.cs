using System.Text.RegularExpressions;
using Npgsql;

namespace Clinic.Data;

/// <summary>How Npgsql's spans look: named after what a command does to which table, such as <c>SELECT clinic.doctors</c>.</summary>
/// <remarks>
/// The text of a command is on its span and holds no values: those go to Postgres as parameters, and an error tells them
/// only with <c>Include Error Detail</c>, which stays off.
/// </remarks>
internal static partial class DatabaseSpans
{
    public static void Configure(NpgsqlDataSourceBuilder source)
    {
        // Else metrics name the pool after its connection string.
        source.Name = ClinicDbContext.ConnectionName;
        source.ConfigureTracing(tracing => tracing
            .ConfigureCommandSpanNameProvider(command => Summary(command.CommandText))
            .ConfigureBatchSpanNameProvider(batch => batch.BatchCommands is [var first, ..] ? $"BATCH {Summary(first.CommandText)}" : "BATCH")
            .ConfigureCopyOperationSpanNameProvider(Summary)
            .EnableFirstResponseEvent(false));
    }

    /// <summary>The first verb and the first table of a text; of several statements, and of a WITH clause, of the first.</summary>
    internal static string Summary(string sql)
    {
        var verb = Verb().Match(sql).Groups[1].Value.ToUpperInvariant();
        return verb.Length == 0 ? "SQL" : Table().Match(sql) is { Success: true } table ? $"{verb} {table.Groups[1].Value}" : verb;
    }

    [GeneratedRegex(@"^\W*(?:WITH\b.*?\b(?=SELECT|INSERT|UPDATE|DELETE))?([A-Za-z]+)", RegexOptions.Singleline)]
    private static partial Regex Verb();

    [GeneratedRegex(@"\b(?:FROM|INTO|COPY|TABLE|(?<!\bFOR |\bKEY )UPDATE)\s+([a-z_]+(?:\.[a-z_]+)?)")]
    private static partial Regex Table();
}
