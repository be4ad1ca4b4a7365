using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Clinic.Bench.Limits;

/// <summary>Calls of <c>bench.book</c>, each for a time that is free: doctors in turn, half-hours one after the other.</summary>
internal sealed class BareBookings
{
    private readonly Guid[] _doctors = Ids("doctor", BenchDatabase.Doctors);
    private readonly Guid[] _patients = Ids("patient", BenchDatabase.Patients);
    private readonly DateTime _from = DateTime.UtcNow.Date.AddDays(2);
    private int _next = -1;

    public NpgsqlCommand Next(NpgsqlDataSource postgres)
    {
        var n = Interlocked.Increment(ref _next);
        var command = postgres.CreateCommand("SELECT bench.book($1, $2, $3, $4)");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7() });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = _doctors[n % _doctors.Length] });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = _patients[n % _patients.Length] });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = _from.AddMinutes(30 * (n / _doctors.Length)) });
        return command;
    }

    /// <summary>As <c>md5('doctor' || n)::uuid</c> in Postgres.</summary>
    private static Guid[] Ids(string of, int count) =>
        [.. Enumerable.Range(0, count).Select(n => new Guid(MD5.HashData(Encoding.ASCII.GetBytes($"{of}{n}")), bigEndian: true))];
}
