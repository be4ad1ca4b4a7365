using Npgsql;

namespace Clinic.Bench.Limits;

/// <summary>
/// A database of the bench's own, on the app's server: the bare booking transaction, with the same indexes, constraints and
/// rows as the clinic's and nothing else, and texts to select.
/// </summary>
internal static class BenchDatabase
{
    public const int Doctors = 50;
    public const int Patients = 2_000;

    private const string Name = "clinic_limits";

    /// <summary>Makes it, with as many visits as the clinic has.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> CreateAsync(string clinicDatabase, int visits, CancellationToken cancellationToken)
    {
        // As the API has it.
        var own = new NpgsqlConnectionStringBuilder(clinicDatabase)
        {
            Database = Name, MaxPoolSize = 40, MaxAutoPrepare = 20, NoResetOnClose = true, Options = "-c plan_cache_mode=force_generic_plan",
        }.ConnectionString;
        await ExecuteAsync(clinicDatabase, $"CREATE DATABASE {Name}", cancellationToken);
        await ExecuteAsync(own, Schema, cancellationToken);
        await ExecuteAsync(own, Fill(visits), cancellationToken);
        return own;
    }

    private static async Task ExecuteAsync(string database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private const string Schema =
        """
        CREATE EXTENSION btree_gist;
        CREATE SCHEMA bench;

        CREATE TABLE bench.payloads (id int PRIMARY KEY, body bytea NOT NULL);
        -- Else the texts, which are all alike, would be stored compressed or elsewhere, and that would be measured.
        ALTER TABLE bench.payloads ALTER COLUMN body SET STORAGE PLAIN;
        INSERT INTO bench.payloads VALUES (1, convert_to(repeat('x', 2048), 'UTF8'));

        CREATE TABLE bench.doctors (id uuid PRIMARY KEY, name text NOT NULL);
        CREATE TABLE bench.patients (id uuid PRIMARY KEY, name text NOT NULL);
        CREATE TABLE bench.visits (
            id uuid PRIMARY KEY,
            doctor_id uuid NOT NULL REFERENCES bench.doctors,
            patient_id uuid NOT NULL REFERENCES bench.patients,
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            status text NOT NULL,
            created_at timestamptz NOT NULL,
            during tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(starts_at, ends_at, '[)')) STORED,
            CONSTRAINT ex_visits_doctor EXCLUDE USING gist (doctor_id WITH =, during WITH &&) WHERE (status <> 'cancelled'),
            CONSTRAINT ex_visits_patient EXCLUDE USING gist (patient_id WITH =, during WITH &&) WHERE (status <> 'cancelled'));
        CREATE INDEX ix_visits_doctor ON bench.visits (doctor_id, starts_at);
        CREATE INDEX ix_visits_patient ON bench.visits (patient_id, starts_at);
        CREATE INDEX ix_visits_start ON bench.visits (starts_at);
        CREATE TABLE bench.audit (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            visit_id uuid NOT NULL REFERENCES bench.visits,
            at timestamptz NOT NULL, actor text NOT NULL, action text NOT NULL, to_status text NOT NULL);
        CREATE INDEX ix_audit_visit ON bench.audit (visit_id, id);
        CREATE TABLE bench.outbox (
            id uuid PRIMARY KEY,
            visit_id uuid NOT NULL REFERENCES bench.visits,
            kind text NOT NULL, sequence int NOT NULL, due_at timestamptz NOT NULL, created_at timestamptz NOT NULL,
            UNIQUE (visit_id, kind, sequence));
        CREATE INDEX ix_outbox_due ON bench.outbox (due_at);

        -- What booking cannot do without: the doctor's lock, the check, the visit, its audit row, its message and its reminder.
        CREATE FUNCTION bench.book(visit uuid, doctor uuid, patient uuid, start timestamptz) RETURNS uuid LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM 1 FROM bench.doctors WHERE id = doctor FOR NO KEY UPDATE;
            IF EXISTS (SELECT 1 FROM bench.visits WHERE doctor_id = doctor AND starts_at < start + interval '30 minutes'
                       AND ends_at > start AND starts_at > start - interval '8 hours' AND status <> 'cancelled') THEN
                RAISE EXCEPTION 'taken';
            END IF;
            INSERT INTO bench.visits VALUES (visit, doctor, patient, start, start + interval '30 minutes', 'scheduled', now());
            INSERT INTO bench.audit (visit_id, at, actor, action, to_status) VALUES (visit, now(), 'bench', 'book', 'scheduled');
            INSERT INTO bench.outbox VALUES
                (gen_random_uuid(), visit, 'booked', 0, now(), now()), (gen_random_uuid(), visit, 'reminder', 0, start - interval '1 day', now());
            RETURN visit;
        END $$;
        """;

    private static string Fill(int visits) =>
        $"""
        INSERT INTO bench.doctors SELECT md5('doctor' || n)::uuid, 'Doctor ' || n FROM generate_series(0, {Doctors - 1}) n;
        INSERT INTO bench.patients SELECT md5('patient' || n)::uuid, 'Patient ' || n FROM generate_series(0, {Patients - 1}) n;
        INSERT INTO bench.visits
        SELECT gen_random_uuid(), md5('doctor' || n % {Doctors})::uuid, md5('patient' || n % {Patients})::uuid,
               date_trunc('day', now()) - (n / {Doctors} + 1) * interval '30 minutes',
               date_trunc('day', now()) - (n / {Doctors}) * interval '30 minutes', 'scheduled', now()
        FROM generate_series(0, {visits - 1}) n;
        ANALYZE;
        """;
}
