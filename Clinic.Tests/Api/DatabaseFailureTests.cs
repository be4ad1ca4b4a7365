using Clinic.Api.Problems;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Clinic.Tests.Api;

/// <summary>R3: what Postgres cannot do just now is a 503 and never a 500.</summary>
public sealed class DatabaseFailureTests
{
    [Theory]
    [InlineData("40001")] // serialization_failure
    [InlineData("40P01")] // deadlock_detected
    [InlineData("55P03")] // lock_not_available: lock_timeout, NOWAIT
    [InlineData("57014")] // query_canceled: statement_timeout
    [InlineData("25P03")] // idle_in_transaction_session_timeout
    [InlineData("25006")] // read_only_sql_transaction: a standby
    [InlineData("53000")] // insufficient_resources
    [InlineData("53100")] // disk_full
    [InlineData("53200")] // out_of_memory
    [InlineData("53300")] // too_many_connections
    [InlineData("53400")] // configuration_limit_exceeded
    [InlineData("57P01")] // admin_shutdown
    [InlineData("57P02")] // crash_shutdown
    [InlineData("57P03")] // cannot_connect_now
    [InlineData("08006")] // connection_failure
    [InlineData("08P01")] // protocol_violation
    public void R3_a_passing_failure_is_unavailable_however_deep_it_is_wrapped(string state)
    {
        var refused = Refused(state);

        Assert.True(DatabaseFailure.IsUnavailable(refused));
        Assert.True(DatabaseFailure.IsUnavailable(new DbUpdateException("wrapped", refused)));
        Assert.True(DatabaseFailure.IsUnavailable(new RetryLimitExceededException("gave up", new DbUpdateException("wrapped", refused))));
    }

    [Theory]
    [InlineData("23505")] // unique_violation
    [InlineData("23P01")] // exclusion_violation
    [InlineData("23514")] // check_violation
    [InlineData("42601")] // syntax_error
    [InlineData("22021")] // character_not_in_repertoire
    public void What_trying_again_does_not_mend_is_not(string state)
    {
        Assert.False(DatabaseFailure.IsUnavailable(new DbUpdateException("wrapped", Refused(state))));
    }

    [Theory]
    [InlineData("23505", "ux_some", "ux_some")]
    [InlineData("23P01", "ex_some", "ex_some")]
    [InlineData("23514", "ck_some", null)]
    [InlineData("40P01", null, null)]
    public void Constraints_that_races_run_into_are_told_by_name(string state, string? constraint, string? expected)
    {
        Assert.Equal(expected, DatabaseFailure.ViolatedConstraint(new DbUpdateException("wrapped", Refused(state, constraint))));
    }

    [Fact]
    public void R3_a_command_that_takes_too_long_is_unavailable()
    {
        Assert.True(DatabaseFailure.IsUnavailable(new NpgsqlException("reading", new TimeoutException())));
    }

    private static PostgresException Refused(string state, string? constraint = null) =>
        new("refused", "ERROR", "ERROR", state, constraintName: constraint);
}
