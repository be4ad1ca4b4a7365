namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// The parts of a connection string. A resource that refers to this one finds each in its environment as
/// <c>{NAME}_{PART}</c>, for instance <c>CACHE_PORT</c>.
/// </summary>
internal interface IConnectionProperties
{
    IEnumerable<KeyValuePair<string, string>> ConnectionProperties { get; }
}
