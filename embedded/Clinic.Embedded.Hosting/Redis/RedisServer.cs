using Clinic.Embedded.Hosting.Processes;

namespace Clinic.Embedded.Hosting.Redis;

/// <summary>Redis or Valkey as installed on the machine. It keeps nothing on disk.</summary>
internal sealed class RedisServer(string path) : IRedisServer
{
    public ProcessSpec Command(int port, string password, string folder)
    {
        // A file, as everybody on the machine can read command lines. The folder is the user's alone.
        var configuration = Path.Combine(folder, "redis.conf");
        File.WriteAllText(
            configuration,
            $"""
            port {port}
            bind 127.0.0.1
            requirepass {password}
            dir {folder}
            save ""
            appendonly no

            """);

        return new ProcessSpec
        {
            FileName = path,
            Arguments = [configuration],
            WorkingDirectory = folder,
            Environment = ProcessEnvironment.OfTools(),
        };
    }
}
