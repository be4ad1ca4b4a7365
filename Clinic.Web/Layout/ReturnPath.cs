namespace Clinic.Web.Layout;

/// <summary>Where a visitor wants to go on after signing in, as the address says it.</summary>
public static class ReturnPath
{
    /// <summary>
    /// The path, with its query, if it is one of this site; the first page for anything else. Whoever sends somebody a
    /// link to the sign-in page must not be able to have them end up elsewhere: <c>//host</c> and <c>/\host</c> are other
    /// sites to a browser, which also reads past tabs and line breaks.
    /// </summary>
    public static string Of(string? asked) =>
        asked is ['/', .. var rest] && rest is not ['/', ..] && !asked.Any(c => c == '\\' || char.IsControl(c)) ? asked : Paths.Find;
}
