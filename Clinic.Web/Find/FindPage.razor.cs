using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Web.Api;
using Clinic.Web.Zones;
using Microsoft.AspNetCore.Components;

namespace Clinic.Web.Find;

/// <summary>Search of doctors; the query string is its whole state. Three calls of the API, however many doctors there are.</summary>
public sealed partial class FindPage(ClinicApi api, ViewerZone viewer, TimeProvider clock)
{
    private const int PageSize = 12;

    /// <summary>How far ahead the soonest times are looked for.</summary>
    private const int DaysAhead = 7;

    /// <summary>Of each doctor; a page of doctors stays within what one call answers.</summary>
    private const int TimesShown = 3;

    /// <summary>Where the clinic is at home; times of several doctors are shown in its zone until the viewer's is known.</summary>
    private const string HomeZone = "America/Lima";

    private FindQuery _query = new();
    private ApiProblem? _trouble;
    private SearchChoices _choices = null!;
    private Page<DoctorSummary> _doctors = null!;
    private ILookup<Guid, FoundSlot> _soonest = Enumerable.Empty<FoundSlot>().ToLookup(s => s.DoctorId);
    private bool _timesKnown;
    private TimeZoneInfo _zone = null!;
    private DateTimeOffset _now;
    private int _pages;

    [SupplyParameterFromQuery]
    public string? Q { get; set; }

    [SupplyParameterFromQuery]
    public string? Specialty { get; set; }

    [SupplyParameterFromQuery]
    public string? City { get; set; }

    [SupplyParameterFromQuery]
    public string? Modality { get; set; }

    [SupplyParameterFromQuery]
    public string? MaxPrice { get; set; }

    [SupplyParameterFromQuery]
    public string? Page { get; set; }

    protected override async Task Load()
    {
        _query = FindQuery.Read(Q, Specialty, City, Modality, MaxPrice, Page);
        _zone = viewer.Or(TimeZones.Find(HomeZone));
        _now = clock.GetUtcNow();
        var today = _zone.DateAt(_now);

        var choices = api.Choices(Gone);
        var doctors = api.SearchDoctors(
            _query.Text, _query.Specialty, _query.City, _query.Modality, _query.MaxPrice, _query.Page, PageSize, Gone);
        await Task.WhenAll(choices, doctors);

        _trouble = (await doctors).Problem ?? (await choices).Problem;
        if (_trouble is not null)
        {
            return;
        }

        (_choices, _doctors) = ((await choices).Value!, (await doctors).Value!);
        _pages = (int)((_doctors.Total + PageSize - 1) / PageSize);

        if (_doctors.Items.Count > 0)
        {
            // Without them the cards still lead to each doctor's own free times.
            var times = await api.EarliestTimes(
                _doctors.Items.Select(d => d.Id), _query.Modality, today, today.AddDays(DaysAhead - 1), _zone, TimesShown, Gone);
            _timesKnown = times.Ok;
            _soonest = (times.Value?.Items ?? []).ToLookup(s => s.DoctorId);
        }
    }
}
