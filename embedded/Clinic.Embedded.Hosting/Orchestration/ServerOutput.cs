using System.Text.RegularExpressions;

namespace Clinic.Embedded.Hosting.Orchestration;

/// <summary>Keeps from the console what a server says whenever it starts and stops; the buffer has it all.</summary>
internal sealed class ServerOutput(IOutput output, Regex routine) : IOutput
{
    public void Write(string line, bool isError)
    {
        if (routine.IsMatch(line))
        {
            output.Keep(line, isError);
        }
        else
        {
            output.Write(line, isError);
        }
    }

    public void Keep(string line, bool isError) => output.Keep(line, isError);

    public void Tell(string message) => output.Tell(message);
}
