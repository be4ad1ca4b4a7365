namespace Clinic.Core.Scheduling;

/// <summary>How a visit takes place.</summary>
public enum Modality
{
    InPerson,
    Online,
}

/// <summary>What a window of the doctor's time is open for.</summary>
public enum WindowModality
{
    InPerson,
    Online,
    Any,
}

public static class ModalityRules
{
    /// <summary>Every modality, in the order in which a slot names them.</summary>
    public static readonly IReadOnlyList<Modality> All = [Modality.InPerson, Modality.Online];

    /// <summary>Whether a visit of this modality may take place in such a window.</summary>
    public static bool Admits(this WindowModality window, Modality visit) => window switch
    {
        WindowModality.Any => true,
        WindowModality.InPerson => visit == Modality.InPerson,
        WindowModality.Online => visit == Modality.Online,
        _ => false,
    };

    /// <summary>Whether some visit may take place in either of two windows.</summary>
    public static bool Shares(this WindowModality window, WindowModality other) => All.Any(m => window.Admits(m) && other.Admits(m));
}
