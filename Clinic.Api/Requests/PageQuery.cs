using Clinic.Core.Contracts;
using Microsoft.EntityFrameworkCore;

namespace Clinic.Api.Requests;

/// <summary>Which page of a list is asked for.</summary>
internal readonly record struct PageQuery(int Page, int PageSize)
{
    public static PageQuery Read(RequestCheck check, string? page, string? pageSize) => new(
        check.Int("page", page, missing: 1, min: 1, max: 1_000_000),
        check.Int("pageSize", pageSize, missing: 20, min: 1, max: RequestLimits.MaxPageSize));

    /// <summary>Counts and fetches; <paramref name="ordered"/> must have a total order.</summary>
    public async Task<Page<T>> FetchAsync<T>(IQueryable<T> ordered, CancellationToken cancellationToken)
    {
        var total = await ordered.LongCountAsync(cancellationToken);
        var items = await ordered.Skip((Page - 1) * PageSize).Take(PageSize).ToListAsync(cancellationToken);
        return new Page<T>(items, Page, PageSize, total);
    }
}
