using Clinic.Api.Problems;
using Clinic.Api.Requests;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data;
using Clinic.Data.Doctors;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Doctors;

/// <summary>Finds doctors.</summary>
internal sealed class DoctorSearch(IDbContextFactory<ClinicDbContext> databases)
{
    public async Task<Page<DoctorSummary>> SearchAsync(DoctorQuery query, PageQuery paging, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var matches = Matching(db.Doctors.AsNoTracking(), query)
            .OrderBy(d => d.SearchText).ThenBy(d => d.Id)
            .Select(d => new
            {
                d.Id,
                d.FullName,
                d.Specialty,
                d.City,
                d.TimeZone,
                InPerson = d.Treatments.Any(t => t.InPerson),
                Online = d.Treatments.Any(t => t.Online),
                Cheapest = d.Treatments.OrderBy(t => t.Price).Select(t => new { t.Price, t.Currency }).FirstOrDefault(),
            });
        var found = await paging.FetchAsync(matches, cancellationToken);
        var items = found.Items.Select(d => new DoctorSummary(
            d.Id,
            d.FullName,
            d.Specialty,
            d.City,
            d.TimeZone,
            Treatment.ModalitiesOf(d.InPerson, d.Online),
            d.Cheapest?.Price,
            d.Cheapest?.Currency));
        return new Page<DoctorSummary>([.. items], found.PageNumber, found.PageSize, found.Total);
    }

    /// <exception cref="ClinicProblem">404.</exception>
    public async Task<DoctorDetails> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var doctor = await db.Doctors.AsNoTracking().Include(d => d.Treatments).SingleOrDefaultAsync(d => d.Id == id, cancellationToken)
            ?? throw ClinicProblem.NotFound("doctor", id);
        return new DoctorDetails(
            doctor.Id,
            doctor.FullName,
            doctor.Specialty,
            doctor.City,
            doctor.TimeZone,
            doctor.About,
            Treatment.ModalitiesOf(doctor.Treatments.Any(t => t.InPerson), doctor.Treatments.Any(t => t.Online)),
            [.. doctor.Treatments.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t =>
                new TreatmentDetails(t.Id, t.Name, t.Price, t.Currency, t.DurationMinutes, t.Modalities))],
            doctor.HorizonDays,
            doctor.ChangeNoticeMinutes);
    }

    public async Task<SearchChoices> ChoicesAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pairs = await db.Doctors.AsNoTracking().Select(d => new { d.Specialty, d.City }).Distinct().ToListAsync(cancellationToken);
        return new SearchChoices(
            [.. pairs.Select(p => p.Specialty).Distinct().Order(StringComparer.Ordinal)],
            [.. pairs.Select(p => p.City).Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>The ids of all doctors that match, in one command.</summary>
    public async Task<Guid[]> MatchingIdsAsync(DoctorQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Matching(db.Doctors.AsNoTracking(), query).Select(d => d.Id).ToArrayAsync(cancellationToken);
    }

    private static IQueryable<Doctor> Matching(IQueryable<Doctor> doctors, DoctorQuery query)
    {
        if (query.Ids is { } ids)
        {
            doctors = doctors.Where(d => ids.Contains(d.Id));
        }

        if (query.Specialty is { } specialty)
        {
            doctors = doctors.Where(d => d.SpecialtyKey == SearchText.Fold(specialty));
        }

        if (query.City is { } city)
        {
            doctors = doctors.Where(d => d.CityKey == SearchText.Fold(city));
        }

        if (query.Text is { } text)
        {
            // Every word must be found somewhere in name and specialty, in any order.
            foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var pattern = SearchText.Pattern(word);
                doctors = doctors.Where(d => EF.Functions.Like(d.SearchText, pattern, @"\"));
            }
        }

        // One and the same treatment must satisfy modality and price.
        return (query.Modality, query.MaxPrice) switch
        {
            (null, null) => doctors,
            (null, { } max) => doctors.Where(d => d.Treatments.Any(t => t.Price <= max)),
            (Modality.InPerson, var max) => doctors.Where(d => d.Treatments.Any(t => t.InPerson && (max == null || t.Price <= max))),
            (_, var max) => doctors.Where(d => d.Treatments.Any(t => t.Online && (max == null || t.Price <= max))),
        };
    }
}
