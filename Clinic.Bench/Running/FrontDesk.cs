using System.Buffers.Text;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Clinic.Bench.Load;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;

namespace Clinic.Bench.Running;

/// <summary>A free time of a doctor, and a patient who has nothing else on that day.</summary>
internal sealed record Opening(Guid DoctorId, Guid TreatmentId, int Patient, Guid PatientId, DateTimeOffset Start, Modality Modality);

/// <summary>
/// Somebody of the staff, signed in as people are, with patients of the bench's own and a stock of free times that the API itself
/// offers. Every time is given out once, doctors in turn, and no patient twice a day: a booking that fails is an error then.
/// </summary>
internal sealed partial class FrontDesk
{
    private const string Email = "staff@clinic.example";
    private const int PatientCount = 2_000;
    private const int LongestHorizonDays = 730;
    private const int DaysOfSearch = 31;

    /// <summary>Well below the life of an access token, which is ten minutes.</summary>
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(5);

    private readonly RunningClinic _clinic;
    private readonly Lock _lock = new();
    private readonly HashSet<(int Patient, int Day)> _patientDays = [];
    private List<Guid> _patients = [];
    private readonly List<Desired> _doctors = [];
    private int _nextDoctor;
    private int _nextPatient;
    private int _searchedDays = 1;
    private Tokens? _tokens;
    private DateTime _tokensFrom;

    private FrontDesk(RunningClinic clinic) => _clinic = clinic;

    /// <summary>Signs in, lets every doctor be booked two years ahead, and registers the patients.</summary>
    public static async Task<FrontDesk> OpenAsync(RunningClinic clinic, CancellationToken cancellationToken)
    {
        Progress.Say("sign in, register patients and look for free times");
        var desk = new FrontDesk(clinic);
        await desk.SignInAsync(cancellationToken);
        await desk.WidenHorizonsAsync(cancellationToken);
        await desk.RegisterPatientsAsync(cancellationToken);
        return desk;
    }

    /// <summary>An access token that is good for some minutes.</summary>
    public async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        if (DateTime.UtcNow - _tokensFrom > TokenLife)
        {
            _tokens = await PostAsync<RefreshTokens, Tokens>("/api/auth/refresh", new RefreshTokens { RefreshToken = _tokens!.RefreshToken }, cancellationToken);
            _tokensFrom = DateTime.UtcNow;
        }

        return _tokens!.AccessToken;
    }

    /// <summary>Looks for free times until there are that many in stock.</summary>
    public async Task StockAsync(int count, CancellationToken cancellationToken)
    {
        while (_doctors.Sum(d => d.Free.Count) < count)
        {
            if (_searchedDays > LongestHorizonDays)
            {
                throw new BenchFailure($"The doctors have no {count:N0} free times left in the next two years. Run fewer scenarios at a time.");
            }

            var from = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(_searchedDays);
            foreach (var doctor in _doctors)
            {
                var found = await _clinic.GetAsync<DoctorSlots>(
                    $"/api/doctors/{doctor.DoctorId}/slots?from={from:yyyy-MM-dd}&to={from.AddDays(DaysOfSearch - 1):yyyy-MM-dd}&treatmentId={doctor.TreatmentId}", cancellationToken);
                doctor.Add(found.Days.SelectMany(d => d.Slots));
            }

            _searchedDays += DaysOfSearch;
        }
    }

    /// <summary>The next time of the next doctor; null when the stock is used up.</summary>
    public Opening? Take()
    {
        lock (_lock)
        {
            for (var tries = 0; tries < _doctors.Count; tries++)
            {
                var doctor = _doctors[_nextDoctor++ % _doctors.Count];
                if (doctor.Free.TryDequeue(out var slot))
                {
                    var patient = FreePatient(slot.Start);
                    return new Opening(doctor.DoctorId, doctor.TreatmentId, patient, _patients[patient], slot.Start, slot.Modality);
                }
            }

            return null;
        }
    }

    /// <summary>A time, and another of the same doctor at which the same patient is free.</summary>
    public (Opening From, Opening To)? TakePair()
    {
        lock (_lock)
        {
            if (Take() is not { } first)
            {
                return null;
            }

            var doctor = _doctors.Single(d => d.DoctorId == first.DoctorId);
            while (doctor.Free.TryDequeue(out var slot))
            {
                if (DayOf(slot.Start) == DayOf(first.Start) || _patientDays.Add((first.Patient, DayOf(slot.Start))))
                {
                    return (first, first with { Start = slot.Start, Modality = slot.Modality });
                }
            }

            return TakePair();
        }
    }

    /// <summary>Another patient for the same time, who is to find it taken.</summary>
    public Opening Rival(Opening opening)
    {
        lock (_lock)
        {
            var patient = FreePatient(opening.Start);
            return opening with { Patient = patient, PatientId = _patients[patient] };
        }
    }

    public static byte[] Book(Opening opening, string token) => RequestBytes.Change("POST", "/api/appointments", token, new BookAppointment
    {
        DoctorId = opening.DoctorId,
        TreatmentId = opening.TreatmentId,
        PatientId = opening.PatientId,
        Start = opening.Start,
        Modality = opening.Modality,
    });

    /// <summary>Books these times, untimed.</summary>
    /// <returns>The ids of the visits, in the order of the times.</returns>
    public async Task<IReadOnlyList<Guid>> BookAllAsync(IReadOnlyList<Opening> openings, int connections, CancellationToken cancellationToken)
    {
        var token = await TokenAsync(cancellationToken);
        var ids = new Guid[openings.Count];
        var bookings = new OnceEach([.. openings.Select((o, i) => new WorkItem(Book(o, token), State: i))], (item, reply) =>
        {
            ids[(int)item.State!] = reply.IsSuccess ? IdOf(reply) : default;
            return reply.IsSuccess;
        });
        var result = await ClosedLoop.RunAsync(_clinic.Api, connections, bookings, TimeSpan.FromMinutes(3), cancellationToken);
        result.RequireNoErrors("Booking visits that are to be changed");
        return ids;
    }

    /// <summary>The answer begins <c>{"id":"…</c>.</summary>
    private static Guid IdOf(HttpReply reply) => Utf8Parser.TryParse(reply.Body.Span["{\"id\":\"".Length..], out Guid id, out _)
        ? id
        : throw new BenchFailure($"This answer does not begin with an id: {reply.Text}");

    private int FreePatient(DateTimeOffset start)
    {
        while (true)
        {
            var patient = _nextPatient++ % _patients.Count;
            if (_patientDays.Add((patient, DayOf(start))))
            {
                return patient;
            }
        }
    }

    private static int DayOf(DateTimeOffset start) => DateOnly.FromDateTime(start.UtcDateTime).DayNumber;

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        using var sent = await _clinic.Client.PostAsJsonAsync("/api/auth/code", new RequestCode { Email = Email }, ClinicJson.Options, cancellationToken);
        sent.EnsureSuccessStatusCode();
        var mail = await _clinic.GetAsync<JsonElement>($"/dev/mail?to={Email}", cancellationToken);
        var code = SixDigits().Match(mail.GetProperty("items")[0].GetProperty("text").GetString()!).Value;
        _tokens = await PostAsync<RequestToken, Tokens>("/api/auth/token", new RequestToken { Email = Email, Code = code }, cancellationToken);
        _tokensFrom = DateTime.UtcNow;
    }

    private async Task WidenHorizonsAsync(CancellationToken cancellationToken)
    {
        _clinic.Client.DefaultRequestHeaders.Authorization = new("Bearer", _tokens!.AccessToken);
        foreach (var doctor in await Scenarios.SlotsScenario.DoctorsAsync(_clinic, cancellationToken))
        {
            var path = $"/api/doctors/{doctor.Id}/schedule";
            var schedule = await _clinic.GetAsync<ScheduleDetails>(path, cancellationToken);
            using var replaced = await _clinic.Client.PutAsJsonAsync(
                path,
                new ReplaceSchedule
                {
                    SlotMinutes = schedule.SlotMinutes,
                    BufferMinutes = schedule.BufferMinutes,
                    MinNoticeMinutes = schedule.MinNoticeMinutes,
                    HorizonDays = LongestHorizonDays,
                    Weekly = schedule.Weekly,
                },
                ClinicJson.Options,
                cancellationToken);
            if (!replaced.IsSuccessStatusCode)
            {
                throw new BenchFailure($"PUT {path}: {(int)replaced.StatusCode} {await replaced.Content.ReadAsStringAsync(cancellationToken)}");
            }

            var treatments = (await _clinic.GetAsync<DoctorDetails>($"/api/doctors/{doctor.Id}", cancellationToken)).Treatments;
            _doctors.Add(new Desired(doctor.Id, treatments.MinBy(t => t.DurationMinutes)!.Id, TimeSpan.FromMinutes(schedule.BufferMinutes)));
        }

        _clinic.Client.DefaultRequestHeaders.Authorization = null;
    }

    private async Task RegisterPatientsAsync(CancellationToken cancellationToken)
    {
        var ids = new Guid[PatientCount];
        var registrations = new OnceEach(
            [.. Enumerable.Range(0, PatientCount).Select(n => new WorkItem(
                RequestBytes.Post("/api/patients", _tokens!.AccessToken, new RegisterPatient { FullName = $"Bench Patient {n}", Email = $"bench-{n}@clinic.example" }), State: n))],
            (item, reply) =>
            {
                ids[(int)item.State!] = reply.IsSuccess ? IdOf(reply) : default;
                return reply.IsSuccess;
            });
        (await ClosedLoop.RunAsync(_clinic.Api, 8, registrations, TimeSpan.FromMinutes(2), cancellationToken)).RequireNoErrors("Registering patients");
        _patients = [.. ids];
    }

    private async Task<TAnswer> PostAsync<TBody, TAnswer>(string path, TBody body, CancellationToken cancellationToken)
    {
        using var response = await _clinic.Client.PostAsJsonAsync(path, body, ClinicJson.Options, cancellationToken);
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<TAnswer>(ClinicJson.Options, cancellationToken))!
            : throw new BenchFailure($"POST {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex SixDigits();

    /// <summary>What is booked with a doctor: the shortest treatment, at times that leave each other alone.</summary>
    private sealed record Desired(Guid DoctorId, Guid TreatmentId, TimeSpan Buffer)
    {
        private DateTimeOffset _freeFrom = DateTimeOffset.MinValue;

        public Queue<SlotView> Free { get; } = new();

        public void Add(IEnumerable<SlotView> slots)
        {
            foreach (var slot in slots.Where(s => s.Start >= _freeFrom).OrderBy(s => s.Start))
            {
                if (slot.Start >= _freeFrom)
                {
                    Free.Enqueue(slot);
                    _freeFrom = slot.End + Buffer;
                }
            }
        }
    }
}
