using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Clinic.Api.Problems;

/// <summary>What kind of failure a database exception is, however deep EF has wrapped it.</summary>
internal static class DatabaseFailure
{
    /// <summary>The class of <c>disk_full</c>, <c>out_of_memory</c>, <c>too_many_connections</c>.</summary>
    private const string InsufficientResources = "53";

    /// <summary><c>idle_in_transaction_session_timeout</c>, which has no name in Npgsql.</summary>
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>The class of <c>connection_failure</c> and its like.</summary>
    private const string ConnectionExceptions = "08";

    /// <summary>The constraint that refused a write, or null if it was something else.</summary>
    public static string? ViolatedConstraint(Exception exception) => Find<PostgresException>(exception) is
    {
        SqlState: PostgresErrorCodes.ExclusionViolation or PostgresErrorCodes.UniqueViolation,
        ConstraintName: var constraint,
    }
        ? constraint
        : null;

    /// <summary>
    /// The server is away, starting, stopping, out of connections or room, or gave up waiting for a lock: worth another try. What
    /// counts as transient has been tried again already where a whole unit of work could be.
    /// </summary>
    public static bool IsUnavailable(Exception exception) =>
        Find<RetryLimitExceededException>(exception) is not null
        || Find<PostgresException>(exception) is { IsTransient: true }
        || (Find<NpgsqlException>(exception) is { } npgsql and not PostgresException
            && (npgsql.IsTransient || npgsql.InnerException is IOException or TimeoutException or System.Net.Sockets.SocketException))
        || Find<TimeoutException>(exception) is not null
        || Find<PostgresException>(exception) is { } refused && IsPassing(refused.SqlState);

    /// <summary>What passes without a change of ours, whether or not Npgsql would try again at once.</summary>
    private static bool IsPassing(string state) => state is
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
        // By a time limit of the server's: a caller who went away ends otherwise.
        or PostgresErrorCodes.QueryCanceled or IdleInTransactionTimeout
        // A standby, for as long as a fail-over takes.
        or PostgresErrorCodes.ReadOnlySqlTransaction
        or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
        or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.UndefinedTable
        || state.StartsWith(InsufficientResources, StringComparison.Ordinal) || state.StartsWith(ConnectionExceptions, StringComparison.Ordinal);

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
