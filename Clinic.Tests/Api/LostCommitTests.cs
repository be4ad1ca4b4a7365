using System.Net;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Tests.Api;

/// <summary>R32: a commit that goes through although its connection breaks is found again by the retry.</summary>
public sealed class LostCommitTests(ClinicApp app) : ApiTest(app)
{
    private readonly LossyProxy _proxy = new(app.Database);

    [Theory]
    [InlineData(null)]
    [InlineData("a-key")]
    public async Task R32_a_booking_is_made_once_when_the_answer_to_its_commit_is_lost(string? key)
    {
        await using var api = await StartAsync();
        _proxy.LoseNextCommit();

        var booked = await ReadAsync<AppointmentDetails>(
            await SendAsync(HttpMethod.Post, "/api/appointments", Visit("05T09:00"), Unique(key), client: api.Client), HttpStatusCode.Created);

        Assert.Equal(1, _proxy.Lost);
        await using var db = App.OpenDatabase();
        Assert.Equal(booked.Id, (await db.Appointments.SingleAsync(a => a.DoctorId == DoctorId)).Id);
        Assert.Equal(AppointmentAction.Book, Assert.Single(await HistoryAsync(booked.Id)).Action);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a-key")]
    public async Task R32_a_change_without_a_message_is_made_once_when_the_answer_to_its_commit_is_lost(string? key)
    {
        var booked = await BookAsync("05T09:00");
        await using var api = await StartAsync();
        _proxy.LoseNextCommit();

        var changed = await ReadAsync<AppointmentDetails>(await DoAsync(booked.Id, "check-in", Unique(key), client: api.Client));

        Assert.Equal((1, AppointmentStatus.CheckedIn), (_proxy.Lost, changed.Status));
        Assert.Equal(2, (await HistoryAsync(booked.Id)).Count);
    }

    private static string? Unique(string? key) => key is null ? null : $"{key}-{Guid.NewGuid()}";

    /// <summary>An instance that reaches Postgres through the proxy, with a connection in its pool.</summary>
    private async Task<ApiInstance> StartAsync()
    {
        var api = ApiInstance.Start(_proxy.Database, App.Redis);
        await ReadAsync<PatientDetails>(await api.Client.GetAsync($"/api/patients/{PatientId}"));
        return api;
    }
}
