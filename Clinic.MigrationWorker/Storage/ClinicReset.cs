using Clinic.Data;
using Microsoft.EntityFrameworkCore;

namespace Clinic.MigrationWorker.Storage;

/// <summary>
/// Empties every table of the clinic within the caller's transaction, the audit trail included: this is what
/// <c>Seed:Reset</c> means. The tables themselves stay, so that an API that is running goes on with the new data.
/// </summary>
internal static class ClinicReset
{
    // Only who owns the audit trail can lift its trigger, and it is back when the transaction ends, whichever way.
    private const string EmptyEveryTable =
        """
        ALTER TABLE clinic.audit_trail DISABLE TRIGGER tr_audit_trail_no_truncate;
        DO $$
        BEGIN
            EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('clinic.%I', tablename), ', ') || ' RESTART IDENTITY'
                     FROM pg_tables WHERE schemaname = 'clinic' AND tablename <> 'schema_migrations');
        END $$;
        ALTER TABLE clinic.audit_trail ENABLE TRIGGER tr_audit_trail_no_truncate;
        """;

    public static Task EmptyAsync(ClinicDbContext context, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlRawAsync(EmptyEveryTable, cancellationToken);
}
