using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Finds what could never start, before anything is started.</summary>
internal static class ModelCheck
{
    public static void Verify(IResourceCollection resources)
    {
        foreach (var resource in resources)
        {
            foreach (var dependency in Dependencies(resource).Where(dependency => !resources.Contains(dependency)))
            {
                throw new DistributedApplicationException(
                    $"'{resource.Name}' waits for '{dependency.Name}', which is not part of this application.");
            }
        }

        foreach (var resource in resources)
        {
            FollowWaits(resource, []);
        }
    }

    private static void FollowWaits(IResource resource, List<IResource> path)
    {
        if (path.IndexOf(resource) is >= 0 and var start)
        {
            var circle = string.Join(" -> ", path.Skip(start).Append(resource).Select(r => r.Name));
            throw new DistributedApplicationException($"These resources wait for each other and would never start: {circle}.");
        }

        foreach (var dependency in Dependencies(resource))
        {
            FollowWaits(dependency, [.. path, resource]);
        }
    }

    private static IEnumerable<IResource> Dependencies(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource);
}
