using System.Text.RegularExpressions;

namespace Clinic.Tests.AppHost;

/// <summary>Deleting <c>embedded/</c> must leave a stock Aspire app: nothing but the switch may know of the stand-in.</summary>
public sealed partial class HostingBoundaryTests
{
    private static readonly string[] MayKnow = ["ClinicHosting.props", "Directory.Build.props", "Directory.Packages.props", "README.md"];

    [Fact]
    public void App_code_names_nothing_of_the_stand_in()
    {
        var root = RepositoryRoot();
        var offenders = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => CodeFile().IsMatch(path) && !NotOurs().IsMatch(path) && !MayKnow.Contains(path) && !path.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(path => !path.EndsWith("HostingBoundaryTests.cs", StringComparison.Ordinal))
            .Where(path => StandIn().IsMatch(File.ReadAllText(Path.Combine(root, path))));

        Assert.Empty(offenders);
    }

    [Fact]
    public void Project_files_reach_the_stand_in_only_where_the_mode_is_not_Aspire()
    {
        var root = RepositoryRoot();
        foreach (var project in Directory.EnumerateFiles(root, "*.csproj", SearchOption.AllDirectories).Where(p => !NotOurs().IsMatch(Path.GetRelativePath(root, p).Replace('\\', '/'))))
        {
            var condition = "";
            foreach (var line in File.ReadLines(project))
            {
                // The group's condition holds until the group ends.
                condition = line.Contains("<ItemGroup", StringComparison.Ordinal) ? line : line.Contains("</ItemGroup>", StringComparison.Ordinal) ? "" : condition;
                if (line.Contains("$(EmbeddedFolder)", StringComparison.Ordinal))
                {
                    Assert.Matches(@"'\$\(ClinicHosting\)' (!= 'Aspire'|== 'Embedded')", condition + line);
                }
                else
                {
                    Assert.DoesNotContain("Clinic.Embedded", line, StringComparison.Ordinal);
                }
            }
        }
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Clinic.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Clinic.sln is not above the test's folder.");
    }

    [GeneratedRegex(@"\.(cs|razor|json|sln|props|targets|js|css)$")]
    private static partial Regex CodeFile();

    [GeneratedRegex(@"(^|/)(\.git|bin|obj|artifacts|embedded|node_modules|TestResults|\.vs)/")]
    private static partial Regex NotOurs();

    [GeneratedRegex(@"embedded", RegexOptions.IgnoreCase)]
    private static partial Regex StandIn();
}
