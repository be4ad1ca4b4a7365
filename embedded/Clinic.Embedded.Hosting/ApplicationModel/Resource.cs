using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <inheritdoc cref="IResource"/>
[DebuggerDisplay("{GetType().Name,nq} {Name}")]
public abstract class Resource : IResource
{
    private const int LongestName = 64;

    protected Resource(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);

        if (name.Length > LongestName || !char.IsAsciiLetter(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw new ArgumentException(
                $"'{name}' cannot name a resource: use up to {LongestName} ASCII letters, digits and hyphens, a letter first.", nameof(name));
        }

        Name = name;
    }

    public virtual string Name { get; }

    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}
