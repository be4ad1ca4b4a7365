using System.IO.Pipes;

/// <summary>
/// Runs inside the API when the bench starts it (<c>DOTNET_STARTUP_HOOKS</c>; name and place of the type are .NET's), and
/// does nothing until it is asked how many bytes the process has allocated so far. It uses the base library only: nothing else
/// of the bench is loaded there.
/// </summary>
internal static class StartupHook
{
    public static string PipeOf(int processId) => $"clinic-bench-{processId}";

    public static void Initialize() => new Thread(Answer) { IsBackground = true, Name = "allocation probe" }.Start();

    private static void Answer()
    {
        while (true)
        {
            try
            {
                using var pipe = new NamedPipeServerStream(PipeOf(Environment.ProcessId), PipeDirection.Out);
                pipe.WaitForConnection();
                pipe.Write(BitConverter.GetBytes(GC.GetTotalAllocatedBytes(precise: true)));
            }
            catch (IOException)
            {
                // Who asked went away.
            }
        }
    }
}
