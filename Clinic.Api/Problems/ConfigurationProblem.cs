namespace Clinic.Api.Problems;

/// <summary>A setting is missing or wrong, and the API does not start with it. The message says which, and what would be right.</summary>
internal sealed class ConfigurationProblem(string message) : Exception(message)
{
    /// <summary>What the runtime prints of an exception that nobody catches: one line for whoever configures, and no stack trace.</summary>
    public override string ToString() => Message;
}
