namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port that a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    internal EndpointAnnotation(string name, string uriScheme, int? port)
    {
        Name = name;
        UriScheme = uriScheme;
        Port = port;
    }

    public string Name { get; }

    public string UriScheme { get; }

    /// <summary>The port asked for; none for a random one.</summary>
    public int? Port { get; set; }

    /// <summary>Whether people outside the application are meant to use it; their addresses are shown at start.</summary>
    public bool IsExternal { get; set; }

    /// <summary>The port that clients use, known once the application has started.</summary>
    internal int? AllocatedPort { get; set; }
}
