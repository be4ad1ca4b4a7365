using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A fact about a resource.</summary>
public interface IResourceAnnotation;

/// <summary>The facts about one resource, in the order in which they were stated.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>Whether a new annotation joins or replaces those of its type.</summary>
public enum ResourceAnnotationMutationBehavior
{
    Append,
    Replace,
}
