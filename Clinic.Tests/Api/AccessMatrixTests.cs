using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Clinic.Api.Auth;
using Clinic.Core.Accounts;
using Clinic.Core.Appointments;
using Clinic.Core.Contracts;
using Clinic.Core.Scheduling;
using Clinic.Data.Accounts;
using Clinic.Data.Appointments;
using Clinic.Data.Doctors;
using Clinic.Tests.Fixtures;

namespace Clinic.Tests.Api;

/// <summary>
/// R24: every endpoint of the OpenAPI document, asked by everybody. Each call meets a clinic of its own, in which it would
/// succeed for the front desk; what comes back must be what <see cref="AccessTable"/> and <c>docs/SECURITY.md</c> say.
/// </summary>
public sealed class AccessMatrixTests(ClinicApp app) : ApiTest(app)
{
    private const string TableStart = "<!-- access: begin -->";
    private const string TableEnd = "<!-- access: end -->";

    /// <summary>How each endpoint is called. One that is missing here fails the test.</summary>
    private static readonly Dictionary<string, Func<Scene, Call>> Calls = new()
    {
        ["SendSignInCode"] = s => new(new RequestCode { Email = s.Email }),
        ["SignIn"] = s => new(new RequestToken { Email = s.Email, Code = s.Code }),
        ["RefreshTokens"] = s => new(new RefreshTokens { RefreshToken = s.RefreshToken }),
        ["SignOut"] = s => new(new SignOut { RefreshToken = s.RefreshToken }),
        ["GetMe"] = s => new() { Shows = (json, me) => json.GetProperty("accountId").GetGuid() == me },
        ["UpdateMe"] = s => new(new UpdateMe()) { Shows = (json, me) => json.GetProperty("accountId").GetGuid() == me },

        ["SearchDoctors"] = _ => new(),
        ["GetSearchChoices"] = _ => new(),
        ["GetDoctor"] = _ => new(),
        ["GetDoctorSlots"] = _ => new(),
        ["FindEarliestSlots"] = _ => new(),

        ["CreateDoctor"] = _ => new(Doctor),
        ["UpdateDoctor"] = _ => new(Doctor),
        ["AddTreatment"] = _ => new(Treatment("Check-up")),
        ["UpdateTreatment"] = _ => new(Treatment("Consultation")),
        ["RemoveTreatment"] = _ => new(),

        ["GetSchedule"] = _ => new(),
        ["ExplainSlot"] = _ => new() { Query = $"?start={Uri.EscapeDataString(Lima("05T10:00").ToString("O"))}" },
        ["ReplaceSchedule"] = _ => new(new ReplaceSchedule
        {
            SlotMinutes = 15,
            BufferMinutes = 0,
            MinNoticeMinutes = 0,
            HorizonDays = 60,
            Weekly = [.. Enum.GetValues<DayOfWeek>().Select(day => new WeeklyHours(day, new TimeOnly(8, 0), new TimeOnly(18, 0)))],
        }),
        ["AddException"] = _ => new(new AddException { Start = new DateTime(2030, 3, 20, 9, 0, 0), End = new DateTime(2030, 3, 20, 12, 0, 0), Kind = ExceptionKind.Closed }),
        ["RemoveException"] = _ => new(),

        ["ListPatients"] = _ => new(),
        ["RegisterPatient"] = s => new(new RegisterPatient { FullName = "Ana Rojas", Email = s.Email }),
        ["GetPatient"] = _ => new(),
        ["UpdatePatient"] = s => new(new UpdatePatient { FullName = "Ana Rojas", Email = s.Email }),

        // The body names the scene's patient: whoever else books gets a visit of their own.
        ["BookAppointment"] = s => new(s.Booking("06T10:00")) { Shows = (json, _) => json.GetProperty("patientId").GetGuid() == s.PatientId },
        ["ConfirmAppointment"] = _ => new() { Visit = AppointmentStatus.Held },
        ["MoveAppointment"] = _ => new(new MoveAppointment { Start = Lima("06T10:00") }),
        ["CancelAppointment"] = _ => new(),
        ["ListAppointments"] = s => new()
        {
            Query = $"?doctorId={s.DoctorId}",
            Shows = (json, _) => json.GetProperty("items").EnumerateArray().Any(v => v.GetProperty("id").GetGuid() == s.AppointmentId),
        },
        ["GetAppointment"] = _ => new(),
        ["GetAppointmentHistory"] = _ => new(),
        ["CheckInAppointment"] = _ => new(),
        ["CompleteAppointment"] = _ => new() { Visit = AppointmentStatus.CheckedIn },
        ["MarkNoShow"] = _ => new() { IsPast = true },
        ["UndoNoShow"] = _ => new() { Visit = AppointmentStatus.NoShow, IsPast = true },

        ["ListAccounts"] = _ => new(),
        ["CreateAccount"] = s => new(new CreateAccount { Email = s.Email, Role = AccountRole.Staff }),
        ["UpdateAccount"] = _ => new(new UpdateAccount { Role = AccountRole.Staff }),
    };

    private static DoctorRecord Doctor => new() { FullName = "Dra. Nueva", Specialty = "Testing", City = "Lima", TimeZone = "America/Lima" };

    [Fact]
    public async Task R24_every_endpoint_answers_everybody_as_the_table_and_the_documentation_say()
    {
        var operations = await OperationsAsync();
        Assert.Equal(AccessTable.Rows.Keys.Order(), operations.Select(o => o.Name).Order());

        var table = new StringBuilder("| endpoint | not signed in | patient | doctor | staff | admin |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var operation in operations)
        {
            Assert.True(Calls.ContainsKey(operation.Name), $"{operation.Name} has no sample call here: say how it is called.");
            var row = AccessTable.Rows[operation.Name];
            var seen = new List<string>();
            foreach (var role in new AccountRole?[] { null, AccountRole.Patient, AccountRole.Doctor, AccountRole.Staff, AccountRole.Admin })
            {
                var outcome = await OutcomeAsync(operation, role);
                Assert.True(outcome == Expected(row, role), $"{operation.Name} as {role?.ToString() ?? "nobody"}: {outcome}, and the table says {Expected(row, role)}.");
                seen.Add(outcome);
            }

            table.AppendLine($"| `{operation.Method} {operation.Path}` | {string.Join(" | ", seen)} |");
        }

        var documented = (await File.ReadAllTextAsync(SecurityDocument())).Split(TableStart)[1].Split(TableEnd)[0].Trim();
        Assert.True(documented == table.ToString().Trim(), $"Put this table between the two comments of docs/SECURITY.md:\n\n{table}");
    }

    /// <summary>What happens to the owner and to a stranger of that role, in one word.</summary>
    private async Task<string> OutcomeAsync(Operation operation, AccountRole? role)
    {
        var own = await CallAsync(operation, role, isOwner: true);
        if (role is not (AccountRole.Patient or AccountRole.Doctor) || own is "401" or "403" or "own")
        {
            return own;
        }

        var stranger = await CallAsync(operation, role, isOwner: false);
        return (own, stranger) switch
        {
            ("all", "all") => "all",
            ("all", "not theirs") => "own",
            _ => $"owner {own}, stranger {stranger}",
        };
    }

    private async Task<string> CallAsync(Operation operation, AccountRole? role, bool isOwner)
    {
        var probe = Calls[operation.Name](Scene.Empty);
        var scene = await CreateAsync(probe);
        var call = Calls[operation.Name](scene);
        var account = role is { } signedIn ? await AddAccountAsync(signedIn, scene, isOwner) : null;
        using var client = account is null ? null : Api.As(account.Role, account.PatientId, account.DoctorId, account.Id);
        var path = operation.Path
            .Replace("{exceptionId}", $"{scene.ExceptionId}", StringComparison.Ordinal)
            .Replace("{treatmentId}", $"{scene.TreatmentId}", StringComparison.Ordinal)
            .Replace("{id}", $"{scene.IdIn(operation.Path)}", StringComparison.Ordinal) + call.Query;

        using var response = await SendAsync(new HttpMethod(operation.Method), path, call.Body, client: client ?? Api.Anonymous);

        var text = await response.Content.ReadAsStringAsync();
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => "401",
            HttpStatusCode.Forbidden => "403",
            HttpStatusCode.NotFound => "not theirs",
            _ when !response.IsSuccessStatusCode => $"{(int)response.StatusCode} {text}",
            // "Own" of those who are not about one thing is seen by what they show.
            _ when call.Shows is null => "all",
            _ when !call.Shows(JsonSerializer.Deserialize<JsonElement>(text), account!.Id) => "not theirs",
            _ => IsSelf(operation) ? "own" : "all",
        };
    }

    /// <summary>Everybody sees themselves there, and nobody anybody else.</summary>
    private static bool IsSelf(Operation operation) => operation.Name is "GetMe" or "UpdateMe";

    private static string Expected(Access row, AccountRole? role) => row.Of(role) switch
    {
        Reach.None => role is null ? "401" : "403",
        Reach.Own => "own",
        _ => "all",
    };

    private async Task<List<Operation>> OperationsAsync()
    {
        var document = await Api.Anonymous.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        return [.. from path in document.GetProperty("paths").EnumerateObject()
                   from method in path.Value.EnumerateObject()
                   select new Operation(method.Name.ToUpperInvariant(), path.Name, method.Value.GetProperty("operationId").GetString()!)];
    }

    private async Task<Scene> CreateAsync(Call call)
    {
        await using var db = App.OpenDatabase();
        var (doctorId, treatmentId) = await db.AddDoctorAsync();
        var patients = await db.AddPatientsAsync(1);
        var start = call.IsPast ? FixedClock.Start.AddHours(-2) : Lima("05T09:00").ToUniversalTime();
        var visit = db.Appointments.Add(new Appointment
        {
            Id = Guid.CreateVersion7(),
            DoctorId = doctorId,
            PatientId = patients[0],
            TreatmentId = treatmentId,
            StartsAt = start,
            EndsAt = start.AddMinutes(30),
            Modality = Modality.InPerson,
            Status = call.Visit,
            HoldExpiresAt = call.Visit == AppointmentStatus.Held ? FixedClock.Start.AddMinutes(5) : null,
            CreatedAt = FixedClock.Start.AddDays(-1),
        }).Entity;
        var closure = db.Exceptions.Add(new DatedException
        {
            Id = Guid.CreateVersion7(),
            DoctorId = doctorId,
            StartsAt = new DateTime(2030, 3, 15, 9, 0, 0),
            EndsAt = new DateTime(2030, 3, 15, 12, 0, 0),
            Kind = ExceptionKind.Closed,
            Modality = WindowModality.Any,
        }).Entity;
        var other = db.Accounts.Add(NewAccount(AccountRole.Staff)).Entity;
        await db.SaveChangesAsync();

        var email = $"{Guid.NewGuid():N}@people.example";
        var needsCode = call.Body is RequestToken;
        return new Scene(doctorId, treatmentId, patients[0], visit.Id, closure.Id, other.Id, email)
        {
            Code = needsCode ? await Api.Anonymous.RequestCodeAsync(email) : "",
            RefreshToken = call.Body is RefreshTokens or SignOut ? await RefreshTokenAsync() : "",
        };
    }

    private async Task<string> RefreshTokenAsync()
    {
        var email = $"{Guid.NewGuid():N}@people.example";
        var request = new RequestToken { Email = email, Code = await Api.Anonymous.RequestCodeAsync(email) };
        return (await ReadAsync<Tokens>(await SendAsync(HttpMethod.Post, "/api/auth/token", request, client: Api.Anonymous))).RefreshToken;
    }

    private async Task<Account> AddAccountAsync(AccountRole role, Scene scene, bool isOwner)
    {
        await using var db = App.OpenDatabase();
        var account = NewAccount(role);
        account.PatientId = role != AccountRole.Patient ? null : isOwner ? scene.PatientId : (await db.AddPatientsAsync(1)).Single();
        account.DoctorId = role != AccountRole.Doctor ? null : isOwner ? scene.DoctorId : (await db.AddDoctorAsync()).DoctorId;
        db.Accounts.Add(account);
        await db.SaveChangesAsync();
        return account;
    }

    private static Account NewAccount(AccountRole role) =>
        new() { Id = Guid.CreateVersion7(), Email = $"{Guid.NewGuid():N}@clinic.example", Role = role, CreatedAt = FixedClock.Start };

    private static TreatmentRecord Treatment(string name) =>
        new() { Name = name, Price = 100, Currency = "PEN", DurationMinutes = 30, Modalities = [Modality.InPerson] };

    private static string SecurityDocument([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "SECURITY.md");

    private sealed record Operation(string Method, string Path, string Name);

    /// <summary>How an endpoint is called, and in which state the scene's visit has to be for that.</summary>
    private sealed record Call(object? Body = null)
    {
        public string Query { get; init; } = "";

        public AppointmentStatus Visit { get; init; } = AppointmentStatus.Scheduled;

        public bool IsPast { get; init; }

        /// <summary>Whether an answer holds what is the caller's, given its body and the caller's account.</summary>
        public Func<JsonElement, Guid, bool>? Shows { get; init; }
    }

    private sealed record Scene(Guid DoctorId, Guid TreatmentId, Guid PatientId, Guid AppointmentId, Guid ExceptionId, Guid AccountId, string Email)
    {
        public static readonly Scene Empty = new(default, default, default, default, default, default, "");

        public string Code { get; init; } = "";

        public string RefreshToken { get; init; } = "";

        public BookAppointment Booking(string start) => new()
        {
            DoctorId = DoctorId,
            TreatmentId = TreatmentId,
            PatientId = PatientId,
            Start = Lima(start),
            Modality = Modality.InPerson,
        };

        public Guid IdIn(string path) => path.Split('/')[2] switch
        {
            "doctors" => DoctorId,
            "patients" => PatientId,
            "appointments" => AppointmentId,
            "accounts" => AccountId,
            _ => default,
        };
    }
}
