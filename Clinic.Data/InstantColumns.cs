using Npgsql;

namespace Clinic.Data;

public static class InstantColumns
{
    /// <summary>A <c>timestamptz</c>, in UTC.</summary>
    public static DateTimeOffset ReadInstant(this NpgsqlDataReader row, int column) => new(row.GetDateTime(column), TimeSpan.Zero);
}
