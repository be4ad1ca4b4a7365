using Clinic.Bench.Limits;
using Clinic.Bench.Running;

namespace Clinic.Bench.Scenarios;

/// <summary>What the main scenarios share: one app, its limits beside it, and somebody signed in.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private FrontDesk? _desk;

    private Stage(RunningClinic clinic, LimitsProcess limits, BenchSettings settings) => (Clinic, Limits, Settings) = (clinic, limits, settings);

    public RunningClinic Clinic { get; }

    public LimitsProcess Limits { get; }

    public BenchSettings Settings { get; }

    public static async Task<Stage> SetAsync(BenchSettings settings, CancellationToken cancellationToken)
    {
        var clinic = await RunningClinic.StartAsync(SizeOf(settings.Doctors, settings.SmallVisits), cancellationToken);
        try
        {
            return new Stage(clinic, await LimitsProcess.StartAsync(clinic, settings.SmallVisits, cancellationToken), settings);
        }
        catch
        {
            await clinic.DisposeAsync();
            throw;
        }
    }

    /// <summary>A patient for every ten visits, and enough for visits at the same time.</summary>
    public static ClinicSize SizeOf(int doctors, int visits) => new(doctors, Math.Max(1_000, visits / 10), visits);

    /// <summary>Signed in when first asked for, so that who only reads changes nothing.</summary>
    public async Task<FrontDesk> DeskAsync(CancellationToken cancellationToken) => _desk ??= await FrontDesk.OpenAsync(Clinic, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Limits.DisposeAsync();
        await Clinic.DisposeAsync();
    }
}
