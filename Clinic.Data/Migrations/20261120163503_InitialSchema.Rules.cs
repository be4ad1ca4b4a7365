using Microsoft.EntityFrameworkCore.Migrations;

namespace Clinic.Data.Migrations
{
    /// <summary>
    /// What EF does not model: no two visits of one doctor or one patient overlap, and the audit trail is append-only.
    /// These hold for every client of the database, psql included.
    /// </summary>
    public partial class InitialSchema
    {
        private static void AddRules(MigrationBuilder migration)
        {
            // Not in the model: its snapshot forgets the schema of an extension, and EF then finds the model changed. In
            // "public" it outlives the clinic's schema.
            migration.Sql("CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;");

            // A held visit counts until its hold is cleared: a predicate cannot ask for the time. Booking clears lapsed
            // holds under the doctor's lock before it inserts.
            migration.Sql(
                """
                ALTER TABLE clinic.appointments
                    ADD COLUMN during tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(starts_at, ends_at, '[)')) STORED,
                    ADD CONSTRAINT ex_appointments_doctor
                        EXCLUDE USING gist (doctor_id WITH =, during WITH &&) WHERE (status NOT IN ('cancelled', 'no_show')),
                    ADD CONSTRAINT ex_appointments_patient
                        EXCLUDE USING gist (patient_id WITH =, during WITH &&) WHERE (status NOT IN ('cancelled', 'no_show'));
                COMMENT ON COLUMN clinic.appointments.during IS 'Start to end, half-open: visits may touch.';
                """);
            migration.Sql(
                """
                CREATE FUNCTION clinic.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'clinic.% is append-only: % is refused', TG_TABLE_NAME, TG_OP
                        USING ERRCODE = 'restrict_violation';
                END $$;
                COMMENT ON FUNCTION clinic.refuse_change() IS 'Makes a table append-only.';
                CREATE TRIGGER tr_audit_trail_append_only BEFORE UPDATE OR DELETE ON clinic.audit_trail
                    FOR EACH ROW EXECUTE FUNCTION clinic.refuse_change();
                CREATE TRIGGER tr_audit_trail_no_truncate BEFORE TRUNCATE ON clinic.audit_trail
                    FOR EACH STATEMENT EXECUTE FUNCTION clinic.refuse_change();
                """);
        }

        private static void DropRules(MigrationBuilder migration) =>
            migration.Sql("DROP FUNCTION clinic.refuse_change() CASCADE;");
    }
}
