using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A project of the solution; the types in <c>Projects</c>, generated per project reference, implement it.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The full path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>Whether the project is built already; always true here.</summary>
    bool SuppressBuild => true;
}

/// <summary>A project that was built together with the AppHost.</summary>
public interface IBuiltProject
{
    /// <summary>The full path of the assembly, in the configuration that the AppHost was built in.</summary>
    string TargetPath { get; }
}
