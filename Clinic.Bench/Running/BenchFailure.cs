namespace Clinic.Bench.Running;

/// <summary>Something that the user is to be told in one line, without a stack.</summary>
internal sealed class BenchFailure(string message) : Exception(message);
