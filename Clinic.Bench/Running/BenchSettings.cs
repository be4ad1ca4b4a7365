namespace Clinic.Bench.Running;

/// <summary>How much is measured, and for how long.</summary>
internal sealed record BenchSettings
{
    public required bool IsQuick { get; init; }

    /// <summary>Alternating repetitions of each measurement, of which the median counts.</summary>
    public required int Repetitions { get; init; }

    /// <summary>Length of one repetition.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Bouts of load before the first repetition of each candidate, not counted: the runtime recompiles what is hot.</summary>
    public required int WarmUps { get; init; }

    /// <summary>Length of one bout.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>After each bout, so that the runtime gets to recompile: after 20 s of full load it still took 18 % of the API's time for that.</summary>
    public required TimeSpan Rest { get; init; }

    /// <summary>Length of the mix at each rate.</summary>
    public required TimeSpan MixDuration { get; init; }

    /// <summary>Rounds of the mix over all rates: fewer than of the rest, since each is long.</summary>
    public required int MixRounds { get; init; }

    public required int SmallVisits { get; init; }

    public required int LargeVisits { get; init; }

    /// <summary>Visits that are moved and cancelled in one repetition, at most.</summary>
    public required int Changes { get; init; }

    public required int SeedPatients { get; init; }

    public required int SeedVisits { get; init; }

    public int Doctors => 50;

    public int Connections => 16;

    public static readonly BenchSettings Full = new()
    {
        IsQuick = false,
        Repetitions = 5,
        Duration = TimeSpan.FromSeconds(5),
        WarmUps = 3,
        WarmUp = TimeSpan.FromSeconds(7),
        Rest = TimeSpan.FromSeconds(4),
        MixDuration = TimeSpan.FromSeconds(15),
        MixRounds = 3,
        SmallVisits = 20_000,
        LargeVisits = 200_000,
        Changes = 2_500,
        SeedPatients = 20_000,
        SeedVisits = 100_000,
    };

    public static readonly BenchSettings Quick = Full with
    {
        IsQuick = true,
        Repetitions = 3,
        Duration = TimeSpan.FromSeconds(0.5),
        WarmUps = 1,
        WarmUp = TimeSpan.FromSeconds(0.5),
        Rest = TimeSpan.Zero,
        MixDuration = TimeSpan.FromSeconds(2),
        MixRounds = 1,
        SmallVisits = 2_000,
        LargeVisits = 20_000,
        Changes = 300,
        SeedPatients = 2_000,
        SeedVisits = 10_000,
    };
}
