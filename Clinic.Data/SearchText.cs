using System.Globalization;
using System.Text;

namespace Clinic.Data;

/// <summary>Text as a search compares it: no accents, no case, single spaces. Stored and asked for in the same form.</summary>
public static class SearchText
{
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsWhiteSpace(c))
            {
                if (folded.Length > 0 && folded[^1] != ' ')
                {
                    folded.Append(' ');
                }
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            {
                folded.Append(char.ToLowerInvariant(c));
            }
        }

        return folded.ToString().TrimEnd().Normalize(NormalizationForm.FormC);
    }

    /// <summary>A LIKE pattern that finds <paramref name="text"/> anywhere, its own wildcards taken literally.</summary>
    public static string Pattern(string text) =>
        $"%{Fold(text).Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
}
