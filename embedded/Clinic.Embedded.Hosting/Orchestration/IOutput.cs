namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>Where a resource's lines go: to the console, the logs of a test and the buffer.</summary>
internal interface IOutput
{
    /// <summary>Something that the resource's process wrote.</summary>
    void Write(string line, bool isError);

    /// <summary>The same, for a line that nobody need read unless they look for it: not to the console.</summary>
    void Keep(string line, bool isError);

    /// <summary>Something that the hosting has to say about the resource; its name goes before: "exited with code 3".</summary>
    void Tell(string message);
}
