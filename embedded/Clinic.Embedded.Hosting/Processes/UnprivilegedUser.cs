using Aspire.Hosting;

namespace Clinic.Embedded.Hosting.Processes;

/// <summary>
/// PostgreSQL refuses to run as root. In a user namespace it runs as nobody and the files stay root's; where namespaces are
/// forbidden it runs as nobody for real, and its files must be nobody's.
/// </summary>
internal static class UnprivilegedUser
{
    private const string Nobody = "65534";

    private static readonly string[] Namespace = ["unshare", "--user", $"--map-user={Nobody}", $"--map-group={Nobody}"];
    private static readonly string[] SwitchUser = ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"];

    private static readonly Lazy<IReadOnlyList<string>> ChosenWrapper = new(ChooseWrapper);

    /// <summary>What to put before a command so that it does not run as root; nothing for an ordinary user.</summary>
    public static IReadOnlyList<string> Wrapper => ChosenWrapper.Value;

    /// <summary>Whether the command can only use files that are given to it, or that everybody can use.</summary>
    public static bool OwnsItsFiles => Wrapper.Count > 0 && Wrapper[0] == SwitchUser[0];

    /// <summary>Hands a folder with all that is in it to the command.</summary>
    public static async Task GiveAsync(string folder, CommandRunner commands, CancellationToken cancellationToken) =>
        await commands.RunAsync(
            new ProcessSpec
            {
                FileName = "chown",
                Arguments = ["-R", $"{Nobody}:{Nobody}", folder],
                WorkingDirectory = "/",
                Environment = ProcessEnvironment.OfTools(),
            },
            cancellationToken);

    private static IReadOnlyList<string> ChooseWrapper()
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
        {
            return [];
        }

        foreach (var wrapper in (string[][])[Namespace, SwitchUser])
        {
            if (CommandRunner.Succeeds(wrapper[0], [.. wrapper[1..], "true"]))
            {
                return wrapper;
            }
        }

        throw new DistributedApplicationException(
            "PostgreSQL does not run as root, and neither 'unshare --user' nor 'setpriv --reuid' works here. Start the application as an ordinary user.");
    }
}
