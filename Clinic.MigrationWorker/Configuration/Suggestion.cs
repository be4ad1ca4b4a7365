namespace Clinic.MigrationWorker.Configuration;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
internal static class Suggestion
{
    /// <summary>A question in brackets where a known name is near enough, else nothing.</summary>
    public static string For(string mistyped, IEnumerable<string> known, Func<string, string>? show = null)
    {
        var nearest = known.Select(name => (name, distance: Distance(mistyped, name))).DefaultIfEmpty().MinBy(n => n.distance).name;
        return nearest is not null && Distance(mistyped, nearest) <= Math.Max(1, nearest.Length / 3)
            ? $" (did you mean '{(show is null ? nearest : show(nearest))}'?)"
            : "";
    }

    /// <summary>Levenshtein's distance, case aside: how many letters to add, drop or replace.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 0; i < a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < b.Length; j++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(a[i]) == char.ToLowerInvariant(b[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
