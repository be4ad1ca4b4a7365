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

/// <summary>Any combination of modalities, as bits: one look at a time answers for all of them.</summary>
[Flags]
internal enum ModalitySet
{
    None = 0,
    InPerson = 1,
    Online = 2,
    Any = InPerson | Online,
}

public static class ModalityRules
{
    /// <summary>Every modality, in the order in which a slot names them.</summary>
    public static readonly IReadOnlyList<Modality> All = [Modality.InPerson, Modality.Online];

    // A search makes thousands of slots, which share these.
    private static readonly IReadOnlyList<Modality>[] Lists = [[], [Modality.InPerson], [Modality.Online], All];

    /// <summary>Whether a visit of this modality may take place in such a window.</summary>
    public static bool Admits(this WindowModality window, Modality visit) => window.ToSet().Shares(visit.ToSet());

    /// <summary>Whether some visit may take place in either of two windows.</summary>
    public static bool Shares(this WindowModality window, WindowModality other) => window.ToSet().Shares(other.ToSet());

    internal static bool Shares(this ModalitySet set, ModalitySet other) => (set & other) != ModalitySet.None;

    internal static ModalitySet ToSet(this WindowModality window) => window switch
    {
        WindowModality.Any => ModalitySet.Any,
        WindowModality.InPerson => ModalitySet.InPerson,
        WindowModality.Online => ModalitySet.Online,
        _ => ModalitySet.None,
    };

    internal static ModalitySet ToSet(this Modality modality) => modality switch
    {
        Modality.InPerson => ModalitySet.InPerson,
        Modality.Online => ModalitySet.Online,
        _ => ModalitySet.None,
    };

    internal static ModalitySet ToSet(this IReadOnlyList<Modality> modalities)
    {
        var set = ModalitySet.None;
        for (var i = 0; i < modalities.Count; i++)
        {
            set |= modalities[i].ToSet();
        }

        return set;
    }

    /// <summary>The same modalities as a list, in the order of <see cref="All"/>.</summary>
    internal static IReadOnlyList<Modality> ToList(this ModalitySet set) => Lists[(int)set];
}
