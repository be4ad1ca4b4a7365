namespace Clinic.Bench.Running;

/// <summary>What was asked for on the command line.</summary>
internal sealed record Arguments(IReadOnlyList<string> Scenarios, bool IsQuick)
{
    public const string All = "all";

    public const string Usage =
        """
        dotnet run -c Release --project Clinic.Bench -- [all|slots|booking|mix|growth|counts|seed|micro …] [--quick]

          slots    free times of a doctor and a week, from Redis and from Postgres; search over all doctors
          booking  booking, moving and cancelling, against a bare booking in Postgres
          mix      90 % reads and 10 % writes at 50, 200, 500 and 1,000 requests/s
          growth   few and many visits, few and many doctors, one and two instances of the API
          counts   SQL commands, round trips and allocated bytes of each operation
          seed     rows/s and memory of the worker
          micro    the slot calculator by itself
          all      all of these (the default)

          --quick  a few minutes, to see that everything works; its figures are not to be quoted
        """;

    private static readonly string[] Known = ["slots", "booking", "mix", "growth", "counts", "seed", "micro"];

    /// <exception cref="BenchFailure">An argument is not known; says which are.</exception>
    public static Arguments Read(string[] args)
    {
        var unknown = args.Where(a => a != All && a != "--quick" && !Known.Contains(a)).ToList();
        if (unknown.Count > 0)
        {
            throw new BenchFailure($"Not known: {string.Join(' ', unknown)}\n\n{Usage}");
        }

        var named = args.Where(Known.Contains).Distinct().ToList();
        // In the order in which they are listed: the later ones change more of the data.
        return new Arguments(named.Count == 0 || args.Contains(All) ? Known : [.. Known.Where(named.Contains)], args.Contains("--quick"));
    }

    public bool Wants(string scenario) => Scenarios.Contains(scenario);
}
