namespace Aspire.Hosting.ApplicationModel;

/// <summary>The environment of a process that is about to start.</summary>
public class EnvironmentCallbackContext
{
    internal EnvironmentCallbackContext(Dictionary<string, object> environmentVariables, IResource resource, CancellationToken cancellationToken)
    {
        EnvironmentVariables = environmentVariables;
        Resource = resource;
        CancellationToken = cancellationToken;
    }

    /// <summary>Texts, parameters and endpoints, by the name of the variable.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; }

    public IResource Resource { get; }

    public CancellationToken CancellationToken { get; }
}
