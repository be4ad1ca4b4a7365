using Clinic.Core.Accounts;
using Clinic.Data.Accounts;
using Clinic.MigrationWorker.Accounts;
using Clinic.MigrationWorker.Running;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Clinic.Tests.Database;

/// <summary>The accounts that the worker sees to.</summary>
public sealed class FirstAccountTests(ClinicApp app) : IAsyncLifetime
{
    private string _database = "";

    public async ValueTask InitializeAsync() => _database = await app.CreateMigratedDatabaseAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Development_has_an_account_for_each_role_and_a_second_run_adds_none()
    {
        await using var db = app.OpenDatabase(_database);
        var (doctorId, _) = await db.AddDoctorAsync();
        await RunAsync(new AccountOptions(null, Development: true));
        await RunAsync(new AccountOptions(null, Development: true));

        var accounts = await db.Accounts.AsNoTracking().OrderBy(a => a.Email).ToListAsync();
        Assert.Equal(
            [("admin@clinic.example", AccountRole.Admin), ("doctor@clinic.example", AccountRole.Doctor), ("patient@clinic.example", AccountRole.Patient), ("staff@clinic.example", AccountRole.Staff)],
            accounts.Select(a => (a.Email, a.Role)));
        Assert.Equal(doctorId, accounts[1].DoctorId);
        Assert.Equal(1, await db.Patients.CountAsync());
    }

    [Fact]
    public async Task Production_has_none_but_the_configured_first_admin()
    {
        await using var db = app.OpenDatabase(_database);
        await RunAsync(AccountOptions.None);
        Assert.False(await db.Accounts.AnyAsync());

        await RunAsync(new AccountOptions("boss@clinic.example", Development: false));
        await RunAsync(new AccountOptions("boss@clinic.example", Development: false));

        var admin = await db.Accounts.AsNoTracking().SingleAsync();
        Assert.Equal(("boss@clinic.example", AccountRole.Admin), (admin.Email, admin.Role));
    }

    [Fact]
    public async Task Where_there_is_an_admin_the_setting_adds_no_second_one()
    {
        await RunAsync(new AccountOptions("boss@clinic.example", Development: false));
        await RunAsync(new AccountOptions("other@clinic.example", Development: false));

        await using var db = app.OpenDatabase(_database);
        Assert.Equal("boss@clinic.example", await db.Accounts.Select(a => a.Email).SingleAsync());
    }

    [Fact]
    public async Task The_address_of_somebody_else_is_refused()
    {
        await using var db = app.OpenDatabase(_database);
        db.Accounts.Add(new Account { Id = Guid.CreateVersion7(), Email = "desk@clinic.example", Role = AccountRole.Staff, CreatedAt = FixedClock.Start });
        await db.SaveChangesAsync();

        await Assert.ThrowsAsync<WorkerFailure>(() => RunAsync(new AccountOptions("desk@clinic.example", Development: false)));
    }

    [Theory]
    [InlineData("Accounts:FirstAdmin", "nobody", "give an e-mail address")]
    [InlineData("Accounts:FirstAdmn", "boss@clinic.example", "did you mean 'Accounts:FirstAdmin'?")]
    public void A_wrong_setting_is_told(string key, string value, string says)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [key] = value }).Build();

        var failure = Assert.Throws<WorkerFailure>(() => AccountOptions.Read(configuration, new HostingEnvironment { EnvironmentName = "Production" }));

        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    private Task RunAsync(AccountOptions options) => new AccountSeeder(
        new Contexts(app, _database), options, TimeProvider.System, NullLogger.Instance).SeedAsync(TestContext.Current.CancellationToken);

    private sealed class Contexts(ClinicApp app, string database) : IDbContextFactory<Data.ClinicDbContext>
    {
        public Data.ClinicDbContext CreateDbContext() => app.OpenDatabase(database);
    }
}
