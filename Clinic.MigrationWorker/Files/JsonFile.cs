using System.Text;
using System.Text.Json;

namespace Clinic.MigrationWorker.Files;

/// <summary>A seed file: a JSON array of objects, in UTF-8. Comments and trailing commas are allowed, people write it.</summary>
internal static class JsonFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The file's entries, or null where it cannot be read as a whole.</summary>
    /// <param name="content">The file's bytes; null where there is no such file.</param>
    /// <param name="file">The file's name for problems.</param>
    /// <param name="keyName">The field that names an entry in problems, beside its number.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static IReadOnlyList<EntryReader>? Entries(byte[]? content, string file, string keyName, SeedProblems problems)
    {
        if (content is null)
        {
            problems.Add(file, "is missing.");
            return null;
        }

        try
        {
            ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
            var text = content.AsMemory(content.AsSpan().StartsWith(byteOrderMark) ? byteOrderMark.Length : 0);
            _ = Utf8.GetCharCount(text.Span);
            using var document = JsonDocument.Parse(text, Lenient);
            if (document.RootElement.ValueKind == JsonValueKind.Array)
            {
                return [.. document.RootElement.Clone().EnumerateArray().Select((e, i) => EntryReader.OfEntry(file, i + 1, keyName, e, problems))];
            }

            problems.Add(file, "must be a list of entries, [ … ].");
        }
        catch (JsonException bad)
        {
            // The parser counts lines and positions from 0, editors from 1.
            var reason = bad.Message.Split(" LineNumber:")[0];
            problems.Add($"{file}, line {bad.LineNumber + 1}, position {bad.BytePositionInLine + 1}", $"is not valid JSON: {reason}");
        }
        catch (Exception notText) when (notText is DecoderFallbackException or InvalidOperationException)
        {
            // The latter comes from a field name with half of a surrogate pair.
            problems.Add(file, "is not UTF-8 text.");
        }

        return null;
    }
}
