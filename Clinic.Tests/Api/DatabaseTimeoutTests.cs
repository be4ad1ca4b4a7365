using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clinic.Tests.Api;

/// <summary>R3: Postgres's own time limits, met for real behind a lock that nobody lets go.</summary>
public sealed class DatabaseTimeoutTests(ClinicApp app) : ApiTest(app)
{
    [Theory]
    [InlineData("lock_timeout")]
    [InlineData("statement_timeout")]
    public async Task R3_a_lock_that_is_not_had_in_time_is_503_with_Retry_After_and_nothing_is_done(string limit)
    {
        var impatient = new NpgsqlConnectionStringBuilder(App.Database) { Options = $"-c {limit}=100" }.ConnectionString;
        await using var api = ApiInstance.Start(impatient, App.Redis);
        await using var db = App.OpenDatabase();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlAsync($"SELECT FROM clinic.doctors WHERE id = {DoctorId} FOR NO KEY UPDATE");

        var response = await SendAsync(HttpMethod.Post, "/api/appointments", Visit("05T09:00"), client: api.Client);

        await AssertProblemAsync(response, 503, "dependency_unavailable");
        Assert.NotNull(response.Headers.RetryAfter);
        await transaction.RollbackAsync();
        Assert.False(await db.Appointments.AnyAsync(a => a.DoctorId == DoctorId));
    }
}
