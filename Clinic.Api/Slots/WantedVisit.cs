using Clinic.Core.Scheduling;
using Clinic.Data.Calendars;

namespace Clinic.Api.Slots;

/// <summary>Which visit a free time is to fit, by the treatment and the modality asked for; null stands for any.</summary>
internal static class WantedVisit
{
    /// <summary>The visit; null when the doctor offers none of the kind. Without a treatment it is the shortest one.</summary>
    public static VisitShape? Of(DoctorCalendar calendar, Guid? treatmentId, Modality? modality)
    {
        var treatment = treatmentId is { } id
            ? calendar.Treatments.SingleOrDefault(t => t.Id == id)
            : calendar.Treatments.Where(t => modality is not { } wanted || t.Modalities.Contains(wanted)).MinBy(t => t.DurationMinutes);
        return treatment is null || (modality is { } asked && !treatment.Modalities.Contains(asked))
            ? null
            : new VisitShape(treatment.Duration, modality is { } only ? [only] : ModalitiesOf(calendar, treatmentId, treatment));
    }

    /// <summary>Why <see cref="Of"/> finds nothing, in words; null when it finds something.</summary>
    public static string? NotOffered(DoctorCalendar calendar, Guid? treatmentId, Modality? modality)
    {
        if (Of(calendar, treatmentId, modality) is not null)
        {
            return null;
        }

        var how = modality switch { Modality.Online => " online", Modality.InPerson => " in person", _ => "" };
        return treatmentId is { } id
            ? calendar.Treatments.SingleOrDefault(t => t.Id == id) is { } treatment
                ? $"{treatment.Name} is not offered{how}."
                : $"{calendar.FullName} has no treatment {id}."
            : $"{calendar.FullName} offers no treatment{how}.";
    }

    /// <summary>A visit as like to the wanted one as possible, for when the wanted one is not offered.</summary>
    public static VisitShape Nearest(DoctorCalendar calendar, Guid? treatmentId, Modality? modality)
    {
        var treatment = calendar.Treatments.SingleOrDefault(t => t.Id == treatmentId) ?? calendar.Treatments.MinBy(t => t.DurationMinutes);
        return new VisitShape(
            treatment?.Duration ?? calendar.Availability.Rules.Step, modality is { } only ? [only] : treatment?.Modalities ?? ModalityRules.All);
    }

    /// <summary>Without a treatment a time is free for whatever the doctor offers of that length.</summary>
    private static IReadOnlyList<Modality> ModalitiesOf(DoctorCalendar calendar, Guid? treatmentId, OfferedTreatment treatment) =>
        treatmentId is not null
            ? treatment.Modalities
            : [.. ModalityRules.All.Where(m => calendar.Treatments.Any(t => t.DurationMinutes == treatment.DurationMinutes && t.Modalities.Contains(m)))];
}
