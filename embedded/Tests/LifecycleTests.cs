using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Embedded;

/// <summary>R25: how the AppHost ends, and what the next one finds.</summary>
public sealed class LifecycleTests : IDisposable
{
    private readonly DataFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task R25_Ctrl_C_ends_every_process_in_order_and_is_no_error()
    {
        SkipWithoutSignals();
        await using var appHost = AppHostProcess.Start(_data);
        using var api = await appHost.WaitForApiAsync();

        var family = appHost.Send(PosixSignal.SIGINT);
        await appHost.WaitForEndAsync(family);

        Assert.Equal(0, appHost.ExitCode);
        Assert.InRange(family.Count, 6, int.MaxValue); // AppHost, guard, Postgres and its workers, Redis, API, web.
        Assert.Matches("(?s)web has stopped.*api has stopped.*postgres has stopped", appHost.Output);
    }

    [Fact]
    public async Task R25_SIGTERM_during_the_start_ends_every_process_and_is_no_error()
    {
        SkipWithoutSignals();
        await using var appHost = AppHostProcess.Start(_data);
        await appHost.WaitForOutputAsync("migrations is running");

        await appHost.WaitForEndAsync(appHost.Send(PosixSignal.SIGTERM));

        Assert.Equal(0, appHost.ExitCode);
        Assert.DoesNotContain("Everything is running", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R25_a_killed_AppHost_leaves_no_process_behind_and_the_next_finds_its_data()
    {
        SkipWithoutSignals();
        Guid patientId;
        await using (var killed = AppHostProcess.Start(_data))
        {
            using var api = await killed.WaitForApiAsync();
            await api.SignInAsync();
            patientId = await RegisterPatientAsync(api);

            await killed.WaitForEndAsync(killed.KillAlone());
        }

        await using var next = AppHostProcess.Start(_data);
        using var nextApi = await next.WaitForApiAsync();
        await nextApi.SignInAsync();

        Assert.Equal(HttpStatusCode.OK, (await nextApi.GetAsync($"/api/patients/{patientId}")).StatusCode);
    }

    [Fact]
    public async Task R25_a_second_AppHost_on_the_same_data_is_refused_and_disturbs_nothing()
    {
        SkipWithoutSignals();
        await using var first = AppHostProcess.Start(_data);
        await first.WaitForOutputAsync("postgres is ready");

        await using (var second = AppHostProcess.Start(_data))
        {
            await second.WaitForOutputAsync("Not everything is running: .*postgres did not start");
            Assert.Matches("postgres does not start: its data in .* is in use by Clinic.AppHost, process [0-9]+. Stop that one first", second.Output);
            await second.WaitForEndAsync(second.Send(PosixSignal.SIGTERM));
        }

        await first.WaitForOutputAsync("api is ready");
    }

    private static async Task<Guid> RegisterPatientAsync(HttpClient api)
    {
        var registration = new RegisterPatient { FullName = "Rosa Quispe", Email = "rosa@patients.example" };
        using var response = await api.PostAsJsonAsync("/api/patients", registration, ClinicJson.Options);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<PatientDetails>(ClinicJson.Options))!.Id;
    }

    private static void SkipWithoutSignals() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
}
