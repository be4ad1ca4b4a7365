using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Clinic.Api.Problems;

/// <summary>What kind of failure a database exception is, however deep EF has wrapped it.</summary>
internal static class DatabaseFailure
{
    /// <summary>The constraint that refused a write, or null if it was something else.</summary>
    public static string? ViolatedConstraint(Exception exception) => Find<PostgresException>(exception) is
    {
        SqlState: PostgresErrorCodes.ExclusionViolation or PostgresErrorCodes.UniqueViolation,
        ConstraintName: var constraint,
    }
        ? constraint
        : null;

    /// <summary>The server is away, starting, stopping or out of connections: worth another try.</summary>
    public static bool IsUnavailable(Exception exception) =>
        Find<RetryLimitExceededException>(exception) is not null
        || Find<PostgresException>(exception) is { IsTransient: true }
        || (Find<NpgsqlException>(exception) is { } npgsql and not PostgresException
            && (npgsql.IsTransient || npgsql.InnerException is IOException or TimeoutException or System.Net.Sockets.SocketException))
        || Find<TimeoutException>(exception) is not null
        || Find<PostgresException>(exception)?.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.UndefinedTable;

    /// <summary>Postgres has no room for NUL characters in text; anything that let one through ends here.</summary>
    public static bool RefusedText(Exception exception) =>
        Find<PostgresException>(exception) is { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter };

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }

        return null;
    }
}
