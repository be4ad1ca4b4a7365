using System.Diagnostics.Metrics;
using Clinic.ServiceDefaults.Telemetry;

namespace Clinic.MigrationWorker.Storage;

/// <summary>How far the seeding is: rows written so far, and rows there are to write, by table.</summary>
public sealed class SeedMetrics
{
    private readonly Counter<long> _rows;
    private readonly Gauge<long> _planned;

    public SeedMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(ClinicTelemetry.Name);
        _rows = meter.CreateCounter<long>("clinic.seed.rows", "{row}", "Rows that were written, committed or not, by table.");
        _planned = meter.CreateGauge<long>("clinic.seed.planned_rows", "{row}", "Rows that there are to write, by table.");
    }

    internal void Planned(string table, long rows) => _planned.Record(rows, new KeyValuePair<string, object?>("table", table));

    internal void Written(string table, long rows = 1) => _rows.Add(rows, new KeyValuePair<string, object?>("table", table));
}
