using System.Globalization;
using System.Net.Http.Json;
using Clinic.Core.Contracts;

namespace Clinic.Tests.Fixtures;

internal static class TimesAhead
{
    /// <summary>A free time for tests that have to run by the machine's clock, since the whole app does.</summary>
    /// <remarks>
    /// A week away: today's earliest is at the very edge of the doctor's notice, and too close to book as soon as the
    /// quarter of an hour is over.
    /// </remarks>
    public static async Task<FoundSlot> FreeTimeNextWeekAsync(this HttpClient api)
    {
        var from = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(7).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return (await api.GetFromJsonAsync<ItemList<FoundSlot>>($"/api/slots?limit=1&modality=in_person&from={from}", ClinicJson.Options))!.Items.Single();
    }
}
