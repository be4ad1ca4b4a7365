using System.Net.Mail;
using Clinic.MigrationWorker.Configuration;
using Clinic.MigrationWorker.Running;

namespace Clinic.MigrationWorker.Accounts;

/// <summary>Which accounts to see to.</summary>
/// <param name="FirstAdmin">The address of the first admin, in lower case: the setting <c>Accounts:FirstAdmin</c>.</param>
/// <param name="Development">Whether to add <see cref="DevelopmentAccounts"/>.</param>
public sealed record AccountOptions(string? FirstAdmin, bool Development)
{
    private const string Section = "Accounts";

    public static AccountOptions None { get; } = new(null, Development: false);

    /// <exception cref="WorkerFailure">A setting is unknown or wrong; all of them are told.</exception>
    public static AccountOptions Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var accounts = configuration.GetSection(Section);
        var problems = accounts.GetChildren().Select(s => s.Key)
            .Where(key => !key.Equals(nameof(FirstAdmin), StringComparison.OrdinalIgnoreCase))
            .Select(key => $"{Section}:{key} is not a setting{Suggestion.For(key, [nameof(FirstAdmin)], known => $"{Section}:{known}")}. Known is {Section}:{nameof(FirstAdmin)}.")
            .ToList();
        var email = accounts[nameof(FirstAdmin)]?.Trim().ToLowerInvariant();
        if (!string.IsNullOrEmpty(email) && (!MailAddress.TryCreate(email, out var address) || address.Address != email))
        {
            problems.Add($"{Section}:{nameof(FirstAdmin)} is '{email}': give an e-mail address.");
        }

        return problems.Count == 0
            ? new AccountOptions(string.IsNullOrEmpty(email) ? null : email, environment.IsDevelopment())
            : throw new WorkerFailure(problems);
    }
}
