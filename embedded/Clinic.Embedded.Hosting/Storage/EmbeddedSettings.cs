using Aspire.Hosting;

namespace Clinic.Embedded.Hosting.Storage;

/// <summary>What the embedded hosting knows about the AppHost that it serves.</summary>
/// <param name="AppHostName">The name of its assembly.</param>
/// <param name="AppHostDirectory">The folder of its project.</param>
/// <param name="IsTest">Whether a test runs it: random ports and throw-away data.</param>
/// <param name="LaunchProfile">The name of its own launch profile.</param>
/// <param name="Folders">Where things are kept.</param>
internal sealed record EmbeddedSettings(
    string AppHostName, string AppHostDirectory, bool IsTest, string? LaunchProfile, UserFolders Folders);

/// <summary>A builder of this hosting.</summary>
internal interface IHasEmbeddedSettings : IDistributedApplicationBuilder
{
    EmbeddedSettings Settings { get; }
}

internal static class EmbeddedSettingsExtensions
{
    public static EmbeddedSettings EmbeddedSettings(this IDistributedApplicationBuilder builder) => ((IHasEmbeddedSettings)builder).Settings;
}
